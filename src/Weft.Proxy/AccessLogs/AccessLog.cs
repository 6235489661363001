using System.Collections.Immutable;

namespace Weft.Proxy.AccessLogs;

/// <summary>An accepted access log.</summary>
/// <param name="Target">The file that lines are appended to; null for the output of the process.</param>
internal sealed record AccessLogConfig(string? Target, LogFormat Format)
{
    /// <summary>The target's name in metrics.</summary>
    public string Name => Target ?? "stdout";
}

/// <summary>An access log in use.</summary>
internal sealed record AccessLog(LogFormat Format, LogWriter Writer)
{
    public static void Write(ImmutableArray<AccessLog> logs, RequestRecord record)
    {
        foreach (var log in logs)
        {
            log.Writer.Add(log.Format.Line(record));
        }
    }
}

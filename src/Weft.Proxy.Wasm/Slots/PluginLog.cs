using Microsoft.Extensions.Logging;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>What plugins write to the log, and what is written of them.</summary>
internal static partial class PluginLog
{
    [LoggerMessage(Message = "{Plugin}: {Line}")]
    public static partial void Line(ILogger logger, LogLevel level, string plugin, string line);

    [LoggerMessage(Level = LogLevel.Error, Message = "Plugin {Plugin}: a callback broke in the host.")]
    public static partial void Broken(ILogger logger, string plugin, Exception error);

    public static LogLevel LevelOf(PluginLogLevel level) => level switch
    {
        PluginLogLevel.Trace => LogLevel.Trace,
        PluginLogLevel.Debug => LogLevel.Debug,
        PluginLogLevel.Info => LogLevel.Information,
        PluginLogLevel.Warn => LogLevel.Warning,
        PluginLogLevel.Error => LogLevel.Error,
        _ => LogLevel.Critical,
    };

    /// <summary>The least important lines that the log takes.</summary>
    public static PluginLogLevel LeastOf(ILogger logger)
    {
        var level = PluginLogLevel.Trace;
        while (level < PluginLogLevel.Critical && !logger.IsEnabled(LevelOf(level)))
        {
            level++;
        }

        return level;
    }
}

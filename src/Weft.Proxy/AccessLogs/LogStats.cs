using Weft.Proxy.Stats;

namespace Weft.Proxy.AccessLogs;

/// <summary>What became of the log lines of one target.</summary>
internal sealed class LogStats
{
    public Counter Written { get; } = new();

    /// <summary>Because too many waited, or the target could not be written.</summary>
    public Counter Dropped { get; } = new();
}

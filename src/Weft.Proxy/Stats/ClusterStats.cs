using Weft.Proxy.Upstream;

namespace Weft.Proxy.Stats;

/// <summary>What happened on the way to a cluster; lives as long as a cluster of that name.</summary>
internal sealed class ClusterStats
{
    private long _ejected;

    /// <summary>Requests sent, each try counted.</summary>
    public Counter Requests { get; } = new();

    public Counter Active { get; } = new();

    public Counter Retries { get; } = new();

    /// <summary>Requests that succeeded after a retry.</summary>
    public Counter RetrySuccesses { get; } = new();

    /// <summary>Requests that were not tried again because they had been as often as allowed.</summary>
    public Counter RetriesExhausted { get; } = new();

    /// <summary>Retries that were not made because too many were under way.</summary>
    public Counter RetryOverflows { get; } = new();

    /// <summary>Requests whose body was too large to be kept for a retry or a copy.</summary>
    public Counter BodiesTooLarge { get; } = new();

    /// <summary>Copies that were not sent because too many were under way.</summary>
    public Counter ShadowOverflows { get; } = new();

    public Counter TryTimeouts { get; } = new();

    public Counter Timeouts { get; } = new();

    /// <summary>Requests whose caller went away.</summary>
    public Counter Cancelled { get; } = new();

    public Counter NoneHealthy { get; } = new();

    /// <summary>Requests that were not sent because too many were under way.</summary>
    public Counter Overflows { get; } = new();

    /// <summary>Requests that were not sent because too many waited for a connection.</summary>
    public Counter PendingOverflows { get; } = new();

    /// <summary>Connections that were not made because too many are there.</summary>
    public Counter ConnectionOverflows { get; } = new();

    public Counter Ejections { get; } = new();

    /// <summary>Endpoints that were not put aside because too many were.</summary>
    public Counter EjectionOverflows { get; } = new();

    /// <summary>How many endpoints are put aside.</summary>
    public long Ejected
    {
        get => Interlocked.Read(ref _ejected);
        set => Interlocked.Exchange(ref _ejected, value);
    }

    public Counter ChecksPassed { get; } = new();

    public Counter ChecksFailed { get; } = new();

    public Counter ChecksUnanswered { get; } = new();

    public Counter Connects { get; } = new();

    public Counter ConnectFailures { get; } = new();

    /// <summary>Responses, also those that the proxy gave in the cluster's stead.</summary>
    public ResponseCounts Responses { get; } = new();

    public Histogram Times { get; } = new();

    public void Count(HealthAnswer answer)
    {
        var counter = answer switch
        {
            HealthAnswer.Good => ChecksPassed,
            HealthAnswer.Bad => ChecksFailed,
            _ => ChecksUnanswered,
        };
        counter.Increment();
    }
}

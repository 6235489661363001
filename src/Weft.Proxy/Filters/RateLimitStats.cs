using Weft.Proxy.Stats;

namespace Weft.Proxy.Filters;

/// <summary>What the rate limits of one name have seen.</summary>
internal sealed class RateLimitStats
{
    /// <summary>Requests that were counted.</summary>
    public Counter Enabled { get; } = new();

    public Counter Ok { get; } = new();

    /// <summary>Requests too many.</summary>
    public Counter Limited { get; } = new();

    /// <summary>Requests that were refused.</summary>
    public Counter Enforced { get; } = new();
}

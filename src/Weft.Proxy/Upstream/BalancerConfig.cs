namespace Weft.Proxy.Upstream;

/// <summary>How a cluster chooses among its endpoints.</summary>
internal abstract record BalancerConfig
{
    private BalancerConfig()
    {
    }

    internal sealed record RoundRobin : BalancerConfig;

    /// <param name="Choices">How many endpoints are drawn, of which the one with the fewest requests is taken.</param>
    internal sealed record LeastRequest(int Choices) : BalancerConfig;

    internal sealed record Drawn : BalancerConfig;

    internal sealed record RingHash(int Least, int Most) : BalancerConfig;

    internal sealed record Maglev(int TableSize) : BalancerConfig;
}

using Weft.Proxy.Stats;

namespace Weft.Proxy.Upstream;

/// <summary>A warm cluster as requests see it.</summary>
internal sealed class UpstreamCluster(
    WarmEndpoints endpoints, ClusterConfig config, UpstreamPool pool, ClusterStats stats, Func<double> dice)
{
    private readonly Lock _lock = new();
    private volatile Balancer _balancer = Balancer.Create(endpoints.WithStates, config, dice);

    public ClusterConfig Config => config;

    /// <summary>As they came.</summary>
    public EndpointSet Told => endpoints.Told;

    /// <summary>With what the proxy itself knows of them.</summary>
    public EndpointSet Endpoints => endpoints.WithStates;

    public Balancer Balancer => _balancer;

    public UpstreamPool Pool => pool;

    public ClusterStats Stats => stats;

    /// <summary>An endpoint has answered a request, or failed to, which counts as 503 or 504.</summary>
    public void Report(Endpoint endpoint, int status, DateTimeOffset now)
    {
        if (pool.Outliers is { } outliers && outliers.Report(endpoint, status, endpoints.WithStates, now))
        {
            pool.Current?.Rebalance();
        }
    }

    /// <summary>An endpoint's health has changed.</summary>
    public void Rebalance()
    {
        // In turn, so that the last one to come sees all changes before it and wins.
        lock (_lock)
        {
            _balancer = Balancer.Create(endpoints.WithStates, config, dice);
        }
    }
}

/// <summary>Endpoints without and with the states that the pool keeps for them.</summary>
internal sealed record WarmEndpoints(EndpointSet Told, EndpointSet WithStates);

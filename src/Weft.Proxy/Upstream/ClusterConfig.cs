namespace Weft.Proxy.Upstream;

/// <summary>The protocol towards a cluster's endpoints.</summary>
internal enum UpstreamProtocol
{
    Http1,
    Http2,

    /// <summary>As the request came.</summary>
    AsDownstream,
}

/// <summary>An accepted cluster.</summary>
/// <param name="StatName">Its name in metrics.</param>
/// <param name="EndpointsName">The EDS resource that holds its endpoints; null where they are in the cluster.</param>
/// <param name="Fixed">The endpoints of a static cluster.</param>
/// <param name="ByLocality">Whether the weights of localities count.</param>
internal sealed record ClusterConfig(
    string Name,
    string StatName,
    string? EndpointsName,
    EndpointSet? Fixed,
    UpstreamProtocol Protocol,
    TimeSpan ConnectTimeout,
    bool ByLocality)
{
    /// <summary>
    /// Whether a request goes to the host that it names, looked up by DNS; then there are no endpoints.
    /// </summary>
    public bool LooksUp { get; init; }

    public BalancerConfig Balancer { get; init; } = new BalancerConfig.RoundRobin();

    /// <summary>Below so many percent of healthy endpoints all of them get traffic. "Defaults to 50%."</summary>
    public double PanicThreshold { get; init; } = 50;

    /// <summary>Null where endpoints are not put aside for how they answer.</summary>
    public OutlierConfig? Outlier { get; init; }

    /// <summary>Null where endpoints are not asked.</summary>
    public HealthCheckConfig? HealthCheck { get; init; }

    public UpstreamConnections Connections { get; init; } = UpstreamConnections.Default;

    public BreakerConfig Breakers { get; init; } = new(1024, 1024, 1024, 3);
}

/// <summary>How much may be under way to a cluster at a time.</summary>
/// <param name="Connections">Of HTTP/1.1.</param>
/// <param name="Pending">Requests that wait for a connection.</param>
internal sealed record BreakerConfig(uint Connections, uint Pending, uint Requests, uint Retries);

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
    bool ByLocality);

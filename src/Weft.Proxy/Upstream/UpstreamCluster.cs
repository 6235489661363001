using Weft.Proxy.Stats;

namespace Weft.Proxy.Upstream;

/// <summary>A warm cluster as requests see it.</summary>
internal sealed record UpstreamCluster(
    ClusterConfig Config, EndpointSet Endpoints, EndpointRing Ring, UpstreamPool Pool, ClusterStats Stats);

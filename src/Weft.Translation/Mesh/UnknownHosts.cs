using Envoy.Config.Cluster.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Common.DynamicForwardProxy.V3;
using Google.Protobuf.WellKnownTypes;
using FilterConfig = Envoy.Extensions.Filters.Http.DynamicForwardProxy.V3.FilterConfig;
using ForwardCluster = Envoy.Extensions.Clusters.DynamicForwardProxy.V3.ClusterConfig;

namespace Weft.Translation;

/// <summary>Hosts outside the mesh, where the mesh lets them pass: looked up by DNS, one request at a time.</summary>
internal static class UnknownHosts
{
    /// <summary>Istio's name for it.</summary>
    public const string Name = "PassthroughCluster";

    public static FilterConfig Lookup() => new() { DnsCacheConfig = Cache() };

    public static Cluster Cluster() => new()
    {
        Name = Name,
        LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy.ClusterProvided,
        ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)),
        ClusterType = new()
        {
            Name = "envoy.clusters.dynamic_forward_proxy",
            TypedConfig = Any.Pack(new ForwardCluster { DnsCacheConfig = Cache() }),
        },
    };

    public static VirtualHost Host() => new() { Name = "unknown", Domains = { "*" }, Routes = { Routes.ToCluster(Name) } };

    // Filter and cluster find each other by the cache's name, and must describe it alike.
    private static DnsCacheConfig Cache() => new()
    {
        Name = "unknown-hosts",
        DnsLookupFamily = Envoy.Config.Cluster.V3.Cluster.Types.DnsLookupFamily.V4Preferred,
    };
}

using System.Collections.Frozen;
using Envoy.Config.Cluster.V3;
using Envoy.Extensions.Common.DynamicForwardProxy.V3;
using FilterConfig = Envoy.Extensions.Filters.Http.DynamicForwardProxy.V3.FilterConfig;
using ForwardCluster = Envoy.Extensions.Clusters.DynamicForwardProxy.V3.ClusterConfig;

namespace Weft.Proxy.Config;

/// <summary>Clusters of hosts that are looked up by DNS, and the filter that belongs to them.</summary>
internal static class LookupDecoding
{
    private static readonly FrozenSet<string> Fields = FrozenSet.Create("dns_cache_config");

    private static readonly FrozenSet<string> CacheFields = FrozenSet.Create("name", "dns_lookup_family");

    public static void Check(FilterConfig message, string where, Refusals refusals)
    {
        refusals.AddUnknown(message, where, Fields);
        Check(message.DnsCacheConfig, where, refusals);
    }

    /// <summary>Whether a cluster is such a one.</summary>
    public static bool IsLookup(Cluster message, Refusals refusals)
    {
        if (message.ClusterType?.TypedConfig?.TryUnpack<ForwardCluster>(out var lookup) is not true)
        {
            return false;
        }

        refusals.AddUnknown(lookup, "cluster_type", Fields);
        Check(lookup.DnsCacheConfig, "cluster_type", refusals);
        if (message.LbPolicy != Cluster.Types.LbPolicy.ClusterProvided || message.LoadBalancingPolicy is not null)
        {
            refusals.Add("lb_policy", "a dynamic_forward_proxy needs CLUSTER_PROVIDED");
        }

        return true;
    }

    private static void Check(DnsCacheConfig? cache, string where, Refusals refusals)
    {
        if (cache is null)
        {
            refusals.Add(where, "dns_cache_config is missing");
            return;
        }

        refusals.AddUnknown(cache, $"{where} dns_cache_config", CacheFields);
        if (cache.DnsLookupFamily != Cluster.Types.DnsLookupFamily.V4Preferred)
        {
            refusals.Add(where, "dns_lookup_family must be V4_PREFERRED for Weft.Proxy");
        }
    }
}

using System.Collections.Frozen;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Weft.Proxy.Upstream;

namespace Weft.Proxy.Config;

/// <summary>CDS: a cluster whose endpoints come by EDS or stand in it.</summary>
internal static class ClusterDecoding
{
    private static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(5);

    private static readonly FrozenSet<string> Fields = FrozenSet.Create(
        "name", "alt_stat_name", "type", "cluster_type", "eds_cluster_config", "connect_timeout", "lb_policy",
        "load_assignment", "typed_extension_protocol_options", "common_lb_config", "http2_protocol_options",
        "circuit_breakers", "outlier_detection", "health_checks", "upstream_connection_options",
        "common_http_protocol_options", "round_robin_lb_config", "least_request_lb_config", "ring_hash_lb_config",
        "maglev_lb_config", "load_balancing_policy", "wait_for_warm_on_init",
        // A host that is removed is gone at once, whatever its health.
        "ignore_health_on_host_removal",
        // Nothing here reads metadata; buffers are the runtime's, and bounded by it; and the others are for kinds of
        // clusters that are refused, or count more than is counted here.
        "metadata", "per_connection_buffer_limit_bytes", "cleanup_interval", "dns_lookup_family",
        "track_cluster_stats");

    // update_merge_window: when balancers hear of changes, and nothing else. Here they do at once.
    private static readonly FrozenSet<string> CommonFields = FrozenSet.Create(
        "healthy_panic_threshold", "locality_weighted_lb_config", "update_merge_window");

    private static readonly FrozenSet<string> ThresholdFields = FrozenSet.Create("thresholds");

    private static readonly FrozenSet<string> SourceFields = FrozenSet.Create(
        "ads", "self", "resource_api_version", "path", "path_config_source", "api_config_source");

    private static readonly FrozenSet<string> BreakerFields = FrozenSet.Create(
        "priority", "max_connections", "max_pending_requests", "max_requests", "max_retries", "track_remaining");

    public static ClusterConfig Decode(Cluster message, Refusals refusals)
    {
        refusals.AddUnknown(message, "cluster", Fields);
        refusals.AddUnknown(message.CommonLbConfig, "common_lb_config", CommonFields);
        refusals.AddIf(message.WaitForWarmOnInit is false, "cluster", "wait_for_warm_on_init");
        var looksUp = LookupDecoding.IsLookup(message, refusals);
        var (balancer, byLocality) = looksUp
            ? (new BalancerConfig.RoundRobin(), false)
            : BalancerDecoding.Decode(message, refusals);
        var isEds = message.ClusterDiscoveryTypeCase == Cluster.ClusterDiscoveryTypeOneofCase.Type
            && message.Type == Cluster.Types.DiscoveryType.Eds;
        var isStatic = !isEds && message.Type == Cluster.Types.DiscoveryType.Static
            && message.ClusterDiscoveryTypeCase != Cluster.ClusterDiscoveryTypeOneofCase.ClusterType;
        if (!isEds && !isStatic && !looksUp)
        {
            var type = message.ClusterType?.Name ?? message.Type.ToString();
            refusals.Add("type", $"{type} is not supported by Weft.Proxy; use EDS or STATIC");
        }

        if (isEds)
        {
            RequireAds(message.EdsClusterConfig?.EdsConfig, "eds_cluster_config", refusals);
        }

        return new(
            message.Name,
            string.IsNullOrEmpty(message.AltStatName) ? message.Name : message.AltStatName,
            isEds ? EndpointsName(message) : null,
            isEds ? null : EndpointDecoding.Decode(message.LoadAssignment ?? new(), refusals),
            UpstreamDecoding.Protocol(message, refusals),
            refusals.Read(message.ConnectTimeout, "connect_timeout") ?? DefaultConnectTimeout,
            byLocality)
        {
            LooksUp = looksUp,
            Balancer = balancer,
            PanicThreshold = message.CommonLbConfig?.HealthyPanicThreshold?.Value ?? 50,
            Breakers = Breakers(message, refusals),
            Connections = UpstreamDecoding.Connections(message, refusals),
            Outlier = HealthDecoding.Outlier(message.OutlierDetection, refusals),
            HealthCheck = HealthDecoding.Check(message, refusals),
        };
    }

    private static BreakerConfig Breakers(Cluster message, Refusals refusals)
    {
        refusals.AddUnknown(message.CircuitBreakers, "circuit_breakers", ThresholdFields);
        // Those of other priorities bound nothing: routes with another one are refused.
        var limits = message.CircuitBreakers?.Thresholds.FirstOrDefault(t => t.Priority == RoutingPriority.Default);
        refusals.AddUnknown(limits, "circuit_breakers", BreakerFields);
        return new(
            limits?.MaxConnections ?? 1024, limits?.MaxPendingRequests ?? 1024, limits?.MaxRequests ?? 1024,
            limits?.MaxRetries ?? 3);
    }

    public static void RequireAds(ConfigSource? source, string where, Refusals refusals)
    {
        refusals.AddUnknown(source, where, SourceFields);
        if (source?.ConfigSourceSpecifierCase is not (
            ConfigSource.ConfigSourceSpecifierOneofCase.Ads or ConfigSource.ConfigSourceSpecifierOneofCase.Self))
        {
            refusals.Add(where, "only ADS is supported by Weft.Proxy");
        }
    }

    private static string EndpointsName(Cluster message) =>
        message.EdsClusterConfig is { ServiceName.Length: > 0 } eds ? eds.ServiceName : message.Name;
}

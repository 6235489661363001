using System.Collections.Frozen;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Weft.Proxy.Upstream;
using HttpProtocolOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace Weft.Proxy.Config;

/// <summary>CDS: a cluster whose endpoints come by EDS or stand in it.</summary>
internal static class ClusterDecoding
{
    private const string HttpOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    private static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(5);

    // The second half only tunes or observes: ignoring it sends no request elsewhere.
    private static readonly FrozenSet<string> Fields = FrozenSet.Create(
        "name", "alt_stat_name", "type", "cluster_type", "eds_cluster_config", "connect_timeout", "lb_policy",
        "load_assignment", "typed_extension_protocol_options", "common_lb_config", "http2_protocol_options",
        "metadata", "circuit_breakers", "outlier_detection", "health_checks", "per_connection_buffer_limit_bytes",
        "upstream_connection_options", "ignore_health_on_host_removal", "cleanup_interval", "track_cluster_stats",
        "wait_for_warm_on_init", "common_http_protocol_options", "dns_lookup_family", "round_robin_lb_config",
        "least_request_lb_config", "ring_hash_lb_config", "maglev_lb_config", "load_balancing_policy");

    private static readonly FrozenSet<string> BreakerFields = FrozenSet.Create(
        "priority", "max_connections", "max_pending_requests", "max_requests", "max_retries", "track_remaining");

    public static ClusterConfig Decode(Cluster message, Refusals refusals)
    {
        refusals.AddUnknown(message, "cluster", Fields);
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
            Protocol(message, refusals),
            refusals.Read(message.ConnectTimeout, "connect_timeout") ?? DefaultConnectTimeout,
            byLocality)
        {
            LooksUp = looksUp,
            Balancer = balancer,
            PanicThreshold = message.CommonLbConfig?.HealthyPanicThreshold?.Value ?? 50,
            Breakers = Breakers(message, refusals),
            Outlier = HealthDecoding.Outlier(message.OutlierDetection, refusals),
            HealthCheck = HealthDecoding.Check(message, refusals),
        };
    }

    private static BreakerConfig Breakers(Cluster message, Refusals refusals)
    {
        if (message.CircuitBreakers?.PerHostThresholds.Count > 0)
        {
            refusals.Add("circuit_breakers", "per_host_thresholds is not supported by Weft.Proxy");
        }

        var limits = message.CircuitBreakers?.Thresholds.FirstOrDefault(t => t.Priority == RoutingPriority.Default);
        if (limits is not null)
        {
            refusals.AddUnknown(limits, "circuit_breakers", BreakerFields);
        }

        return new(
            limits?.MaxConnections ?? 1024, limits?.MaxPendingRequests ?? 1024, limits?.MaxRequests ?? 1024,
            limits?.MaxRetries ?? 3);
    }

    public static void RequireAds(ConfigSource? source, string where, Refusals refusals)
    {
        if (source?.ConfigSourceSpecifierCase is not (
            ConfigSource.ConfigSourceSpecifierOneofCase.Ads or ConfigSource.ConfigSourceSpecifierOneofCase.Self))
        {
            refusals.Add(where, "only ADS is supported by Weft.Proxy");
        }
    }

    private static string EndpointsName(Cluster message) =>
        message.EdsClusterConfig is { ServiceName.Length: > 0 } eds ? eds.ServiceName : message.Name;

    private static UpstreamProtocol Protocol(Cluster message, Refusals refusals)
    {
        foreach (var name in message.TypedExtensionProtocolOptions.Keys.Where(k => k != HttpOptions))
        {
            refusals.Add("typed_extension_protocol_options", $"{name} is not supported by Weft.Proxy");
        }

        if (!message.TypedExtensionProtocolOptions.TryGetValue(HttpOptions, out var packed))
        {
#pragma warning disable CS0612 // Obsolete in Envoy, still obeyed by it.
            return message.Http2ProtocolOptions is null ? UpstreamProtocol.Http1 : UpstreamProtocol.Http2;
#pragma warning restore CS0612
        }

        var options = packed.Unpack<HttpProtocolOptions>();
        switch (options.UpstreamProtocolOptionsCase)
        {
            case HttpProtocolOptions.UpstreamProtocolOptionsOneofCase.ExplicitHttpConfig
                when options.ExplicitHttpConfig.Http3ProtocolOptions is null:
                return options.ExplicitHttpConfig.Http2ProtocolOptions is null
                    ? UpstreamProtocol.Http1
                    : UpstreamProtocol.Http2;
            case HttpProtocolOptions.UpstreamProtocolOptionsOneofCase.UseDownstreamProtocolConfig:
                return UpstreamProtocol.AsDownstream;
            default:
                refusals.Add(HttpOptions, $"{options.UpstreamProtocolOptionsCase} is not supported by Weft.Proxy");
                return UpstreamProtocol.Http1;
        }
    }
}

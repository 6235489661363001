using Envoy.Config.Metrics.V3;

namespace Weft.Bootstrap;

/// <summary>
/// How Envoy cuts the names of its statistics into labels. Its own rule for cluster names ends at the first dot, which
/// tears <c>outbound|80||reviews.shop.svc.cluster.local</c> apart, so that one rule is ours and the others are listed.
/// </summary>
internal static class StatTags
{
    private const string ClusterName = "envoy.cluster_name";

    // The first group is cut out of the name, the second is the label's value.
    private const string WholeClusterName = @"^cluster\.((.+?(\..+?\.svc\.cluster\.local)?)\.)";

    private static readonly string[] EnvoysOwn =
    [
        "envoy.response_code", "envoy.response_code_class", "envoy.http_conn_manager_prefix", "envoy.http_user_agent",
        "envoy.listener_address", "envoy.worker_id", "envoy.rds_route_config", "envoy.scoped_rds_config",
        "envoy.virtual_host", "envoy.virtual_cluster", "envoy.ssl_cipher", "envoy.grpc_bridge_service",
        "envoy.grpc_bridge_method", "envoy.tcp_prefix", "envoy.udp_prefix", "envoy.clientssl_prefix",
        "envoy.ratelimit_prefix", "envoy.local_http_ratelimit_prefix", "envoy.ext_authz_prefix",
        "envoy.fault_downstream_cluster", "envoy.xds_resource_name",
    ];

    public static StatsConfig Config()
    {
        var config = new StatsConfig { UseAllDefaultTags = false };
        config.StatsTags.Add(new TagSpecifier { TagName = ClusterName, Regex = WholeClusterName });
        config.StatsTags.AddRange(EnvoysOwn.Select(name => new TagSpecifier { TagName = name }));
        return config;
    }
}

using System.Collections.Frozen;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Proxy.Listening;
using Weft.Proxy.Tracing;
using HttpFilter = Weft.Proxy.Filters.HttpFilter;

namespace Weft.Proxy.Config;

/// <summary>LDS: one address, one filter chain, one HTTP connection manager with the router.</summary>
internal static class ListenerDecoding
{
    private const string Router = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";

    /// <summary>"The stream idle timeout defaults to 5 minutes."</summary>
    private static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromMinutes(5);

    private static readonly FrozenSet<string> ListenerFields = FrozenSet.Create(
        "name", "address", "filter_chains",
        "stat_prefix", "metadata", "traffic_direction", "per_connection_buffer_limit_bytes",
        "enable_reuse_port", "drain_type", "listener_filters", "listener_filters_timeout",
        "continue_on_listener_filters_timeout", "tcp_backlog_size", "ignore_global_conn_limit");

    private static readonly FrozenSet<string> ChainFields = FrozenSet.Create("name", "filters", "metadata");

    private static readonly FrozenSet<string> ManagerFields = FrozenSet.Create(
        "stat_prefix", "codec_type", "rds", "route_config", "http_filters", "stream_idle_timeout",
        "use_remote_address", "skip_xff_append", "generate_request_id",
        "access_log", "add_user_agent", "tracing", "common_http_protocol_options",
        "http_protocol_options", "http2_protocol_options", "server_name", "server_header_transformation",
        "request_timeout", "request_headers_timeout", "drain_timeout", "delayed_close_timeout", "upgrade_configs",
        "xff_num_trusted_hops", "preserve_external_request_id", "stream_error_on_invalid_http_message");

    /// <summary>Filters that only look, and whose findings no supported field asks for.</summary>
    private static readonly FrozenSet<string> HarmlessListenerFilters = FrozenSet.Create(
        "type.googleapis.com/envoy.extensions.filters.listener.http_inspector.v3.HttpInspector",
        "type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector");

    /// <summary>The listener; null where it has no address or no connection manager, which is refused.</summary>
    public static ListenerConfig? Decode(Listener message, Refusals refusals)
    {
        refusals.AddUnknown(message, "listener", ListenerFields);
        var filters = message.ListenerFilters;
        foreach (var filter in filters.Where(f => !HarmlessListenerFilters.Contains(f.TypedConfig?.TypeUrl ?? "")))
        {
            refusals.Add("listener_filters", $"{filter.Name} is not supported by Weft.Proxy");
        }

        var address = EndpointDecoding.Address(message.Address, "address", refusals);
        if (Manager(message, refusals) is not { } manager || address is null)
        {
            return null;
        }

        var idle = refusals.Read(manager.StreamIdleTimeout, "stream_idle_timeout") ?? DefaultIdleTimeout;
        return new(
            message.Name,
            address,
            manager.StatPrefix,
            manager.Rds?.RouteConfigName,
            manager.RouteConfig is { } routes ? RouteDecoding.Decode(routes, refusals) : null,
            idle == TimeSpan.Zero ? null : idle,
            manager.GenerateRequestId ?? true,
            (manager.UseRemoteAddress ?? false) && !manager.SkipXffAppend)
        {
            IsInbound = message.TrafficDirection == TrafficDirection.Inbound,
            AllowsUpgrade = AllowsUpgrade(manager, refusals),
            Filters =
            [
                .. manager.HttpFilters.SkipLast(1)
                    .Select(f => FilterDecoding.Filter(f, refusals)).OfType<HttpFilter>(),
            ],
            Logs = AccessLogDecoding.Decode(manager.AccessLog, refusals),
            Tracing = TracingDecoding.Decode(manager.Tracing, refusals),
        };
    }

    private static HttpConnectionManager? Manager(Listener message, Refusals refusals)
    {
        if (message.FilterChains.Count != 1 || message.FilterChains[0].Filters.Count != 1)
        {
            refusals.Add("filter_chains", "Weft.Proxy needs exactly one filter chain with exactly one filter");
            return null;
        }

        refusals.AddUnknown(message.FilterChains[0], "filter_chains[0]", ChainFields);
        var filter = message.FilterChains[0].Filters[0];
        if (filter.TypedConfig?.Is(HttpConnectionManager.Descriptor) is not true)
        {
            refusals.Add("filter_chains[0]", $"filter {filter.Name} is not supported by Weft.Proxy");
            return null;
        }

        var manager = filter.TypedConfig.Unpack<HttpConnectionManager>();
        Check(manager, refusals);
        return manager;
    }

    private static void Check(HttpConnectionManager manager, Refusals refusals)
    {
        const string Where = "http_connection_manager";
        refusals.AddUnknown(manager, Where, ManagerFields);
        if (manager.CodecType == HttpConnectionManager.Types.CodecType.Http3)
        {
            refusals.Add(Where, "HTTP3 is not supported by Weft.Proxy");
        }

        if (manager.Rds is { } rds)
        {
            ClusterDecoding.RequireAds(rds.ConfigSource, "rds", refusals);
        }
        else if (manager.RouteConfig is null)
        {
            refusals.Add(Where, "neither rds nor route_config is set");
        }

        if (manager.HttpFilters.Count == 0 || manager.HttpFilters[^1].TypedConfig?.TypeUrl != Router)
        {
            refusals.Add("http_filters", "the router must be the last filter");
        }
    }

    public static bool IsWebSocket(string upgrade) => upgrade.Equals("websocket", StringComparison.OrdinalIgnoreCase);

    private static bool AllowsUpgrade(HttpConnectionManager manager, Refusals refusals)
    {
        var allows = false;
        foreach (var upgrade in manager.UpgradeConfigs)
        {
            if (!IsWebSocket(upgrade.UpgradeType) || upgrade.Filters.Count > 0)
            {
                refusals.Add("upgrade_configs", $"{upgrade.UpgradeType}, or filters of its own, is not supported by Weft.Proxy");
            }

            allows = upgrade.Enabled ?? true;
        }

        return allows;
    }
}

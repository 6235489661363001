using System.Collections.Frozen;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Proxy.Listening;
using Weft.Proxy.Routing;
using Weft.Proxy.Tracing;
using HttpFilter = Weft.Proxy.Filters.HttpFilter;

namespace Weft.Proxy.Config;

/// <summary>An HTTP connection manager with the router.</summary>
internal static class ManagerDecoding
{
    /// <summary>"The stream idle timeout defaults to 5 minutes."</summary>
    private static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromMinutes(5);

    private static readonly FrozenSet<string> ManagerFields = FrozenSet.Create(
        "stat_prefix", "codec_type", "rds", "route_config", "http_filters", "stream_idle_timeout",
        "use_remote_address", "skip_xff_append", "generate_request_id", "preserve_external_request_id",
        "access_log", "add_user_agent", "tracing", "common_http_protocol_options",
        "http_protocol_options", "http2_protocol_options", "server_name", "server_header_transformation",
        "request_timeout", "request_headers_timeout", "upgrade_configs", "normalize_path", "merge_slashes",
        "path_with_escaped_slashes_action", "stream_error_on_invalid_http_message");

    // How much is counted, which the proxy does not change.
    private static readonly FrozenSet<string> RouterFields = FrozenSet.Create("dynamic_stats");

    /// <param name="listener">The listener that it belongs to.</param>
    public static HttpConfig Decode(HttpConnectionManager manager, Listener listener, Refusals refusals)
    {
        Check(manager, refusals);
        var idle = refusals.Read(manager.StreamIdleTimeout, "stream_idle_timeout") ?? DefaultIdleTimeout;
        return new(
            listener.Name,
            manager.StatPrefix,
            manager.Rds?.RouteConfigName,
            manager.RouteConfig is { } routes ? RouteDecoding.Decode(routes, refusals) : null,
            idle == TimeSpan.Zero ? null : idle,
            manager.GenerateRequestId ?? true,
            (manager.UseRemoteAddress ?? false) && !manager.SkipXffAppend)
        {
            IsEdge = manager.UseRemoteAddress ?? false,
            KeepsRequestId = manager.PreserveExternalRequestId,
            RequestTimeout = ActionDecoding.NoneIfZero(refusals.Read(manager.RequestTimeout, "request_timeout")),
            Versions = ConnectionDecoding.Versions(manager, refusals),
            Limits = ConnectionDecoding.Limits(manager, refusals),
            Server = ConnectionDecoding.Server(manager, refusals),
            IsInbound = listener.TrafficDirection == TrafficDirection.Inbound,
            Paths = PathNormalization.Of(manager),
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

    private static void Check(HttpConnectionManager manager, Refusals refusals)
    {
        const string Where = "http_connection_manager";
        refusals.AddUnknown(manager, Where, ManagerFields);
        refusals.AddIf(manager.AddUserAgent is true, Where, "add_user_agent");
        refusals.AddIf(
            manager.StreamErrorOnInvalidHttpMessage is true, Where, "stream_error_on_invalid_http_message");
        if (manager.Rds is { } rds)
        {
            ClusterDecoding.RequireAds(rds.ConfigSource, "rds", refusals);
        }
        else if (manager.RouteConfig is null)
        {
            refusals.Add(Where, "neither rds nor route_config is set");
        }

        var discovered = manager.HttpFilters.TakeWhile(f => f.ConfigDiscovery is not null).Count();
        if (manager.HttpFilters.Skip(discovered).Any(f => f.ConfigDiscovery is not null))
        {
            refusals.Add("http_filters", "a filter with config_discovery behind one without is not supported by Weft.Proxy");
        }

        if (manager.HttpFilters.Count == 0
            || manager.HttpFilters[^1].TypedConfig?.TryUnpack<Router>(out var router) is not true)
        {
            refusals.Add("http_filters", "the router must be the last filter");
        }
        else
        {
            refusals.AddUnknown(router, "router", RouterFields);
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
                refusals.Add(
                    "upgrade_configs", $"{upgrade.UpgradeType}, or filters of its own, is not supported by Weft.Proxy");
            }

            allows = upgrade.Enabled ?? true;
        }

        return allows;
    }
}

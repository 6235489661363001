using System.Collections.Frozen;
using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Weft.Proxy.Filters;
using Weft.Proxy.Routing;
using Direct = Weft.Proxy.Routing.RouteAction.Direct;
using Forward = Weft.Proxy.Routing.RouteAction.Forward;
using Redirect = Weft.Proxy.Routing.RouteAction.Redirect;

namespace Weft.Proxy.Config;

/// <summary>What a route does: forward to clusters, redirect, or answer directly.</summary>
internal static class ActionDecoding
{
    /// <summary>"If not specified, the default is 15s."</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(15);

    private static readonly FrozenSet<string> ActionFields = FrozenSet.Create(
        "cluster", "weighted_clusters", "timeout", "max_stream_duration", "retry_policy",
        "cluster_not_found_response_code", "priority", "prefix_rewrite", "regex_rewrite", "host_rewrite_literal",
        "append_x_forwarded_host", "request_mirror_policies", "hash_policy",
        "upgrade_configs");

    // Copies have no spans, so none is there to be sampled.
    private static readonly FrozenSet<string> MirrorFields = FrozenSet.Create(
        "cluster", "runtime_fraction", "trace_sampled", "disable_shadow_host_suffix_append");

    private static readonly FrozenSet<string> DurationFields = FrozenSet.Create("max_stream_duration");

    private static readonly FrozenSet<string> WeightedFields =
        FrozenSet.Create("clusters", "total_weight", "runtime_key_prefix");

    private static readonly FrozenSet<string> TargetFields = FrozenSet.Create(
        "name", "weight", "request_headers_to_add", "request_headers_to_remove", "response_headers_to_add",
        "response_headers_to_remove", "typed_per_filter_config");

    public static Weft.Proxy.Routing.RouteAction Decode(
        Route message, string where, bool countsTries, Edits edits, FilterOverrides filters, Refusals refusals)
    {
        switch (message.ActionCase)
        {
            case Route.ActionOneofCase.Route_:
                return Forward(message.Route_, where, edits, filters, refusals) with { CountsTries = countsTries };
            case Route.ActionOneofCase.DirectResponse:
                return Direct(message.DirectResponse, where, edits, refusals);
            case Route.ActionOneofCase.Redirect:
                return new Redirect(
                    RewriteDecoding.Status(message.Redirect.ResponseCode),
                    RewriteDecoding.Redirect(message.Redirect, where, refusals),
                    edits.Response);
            default:
                refusals.Add(where, $"action {message.ActionCase} is not supported by Weft.Proxy");
                return new Direct(500, "", []);
        }
    }

    private static Direct Direct(DirectResponseAction message, string where, Edits edits, Refusals refusals)
    {
        if (message.Status is < 200 or > 599)
        {
            refusals.Add(where, $"status {message.Status} is not between 200 and 599");
        }

        var body = message.Body;
        switch (body?.SpecifierCase ?? DataSource.SpecifierOneofCase.None)
        {
            case DataSource.SpecifierOneofCase.None:
                return new((int)message.Status, "", edits.Response);
            case DataSource.SpecifierOneofCase.InlineString:
                return new((int)message.Status, body!.InlineString, edits.Response);
            case DataSource.SpecifierOneofCase.InlineBytes:
                return new((int)message.Status, body!.InlineBytes.ToStringUtf8(), edits.Response);
            default:
                refusals.Add(where, "a direct response's body must be inline");
                return new(500, "", []);
        }
    }

    private static Forward Forward(
        Envoy.Config.Route.V3.RouteAction message, string where, Edits edits, FilterOverrides filters,
        Refusals refusals)
    {
        refusals.AddUnknown(message, where, ActionFields);
        refusals.AddIf(message.Priority != RoutingPriority.Default, where, $"priority {message.Priority}");
        var targets = Targets(message, where, edits, filters, refusals);
        var total = targets.Sum(t => (long)t.Weight);
        if (total is 0 or > uint.MaxValue)
        {
            refusals.Add(where, "the sum of the weights must be from 1 to 4294967295");
        }

        refusals.AddUnknown(message.MaxStreamDuration, $"{where} max_stream_duration", DurationFields);
        return new(
            targets,
            total,
            NoneIfZero(refusals.Read(message.Timeout, $"{where} timeout") ?? DefaultTimeout),
            NoneIfZero(refusals.Read(message.MaxStreamDuration?.MaxStreamDuration_, $"{where} max_stream_duration")),
            UnknownClusterStatus(message))
        {
            Rewrite = RewriteDecoding.Path(message.PrefixRewrite, message.RegexRewrite, where, refusals),
            Host = RewriteDecoding.Host(message, where, refusals),
            Retry = RetryDecoding.Decode(message.RetryPolicy, where, refusals),
            AllowsUpgrade = Upgrade(message, where, refusals),
            Hash = [.. message.HashPolicy.Select(h => HashDecoding.Decode(h, where, refusals)).OfType<HashPolicy>()],
            Mirrors = [.. message.RequestMirrorPolicies.Select(m => Mirror(m, where, refusals))],
        };
    }

    private static bool? Upgrade(Envoy.Config.Route.V3.RouteAction message, string where, Refusals refusals)
    {
        bool? allows = null;
        foreach (var upgrade in message.UpgradeConfigs)
        {
            if (upgrade.ConnectConfig is not null || !ManagerDecoding.IsWebSocket(upgrade.UpgradeType))
            {
                refusals.Add(where, $"upgrade_configs {upgrade.UpgradeType} is not supported by Weft.Proxy");
            }

            allows = upgrade.Enabled ?? true;
        }

        return allows;
    }

    private static MirrorPolicy Mirror(
        Envoy.Config.Route.V3.RouteAction.Types.RequestMirrorPolicy message, string where, Refusals refusals)
    {
        refusals.AddUnknown(message, $"{where} request_mirror_policies", MirrorFields);
        return new(
            message.Cluster,
            MatchDecoding.Fraction(message.RuntimeFraction?.DefaultValue),
            !message.DisableShadowHostSuffixAppend);
    }

    private static ImmutableArray<WeightedTarget> Targets(
        Envoy.Config.Route.V3.RouteAction message, string where, Edits edits, FilterOverrides filters,
        Refusals refusals)
    {
        switch (message.ClusterSpecifierCase)
        {
            case Envoy.Config.Route.V3.RouteAction.ClusterSpecifierOneofCase.Cluster:
                return [new(message.Cluster, 1, edits.Request, edits.Response)];
            case Envoy.Config.Route.V3.RouteAction.ClusterSpecifierOneofCase.WeightedClusters:
                refusals.AddUnknown(message.WeightedClusters, $"{where} weighted_clusters", WeightedFields);
                return [.. message.WeightedClusters.Clusters.Select(c => Target(c, where, edits, filters, refusals))];
            default:
                refusals.Add(where, $"{message.ClusterSpecifierCase} is not supported by Weft.Proxy");
                return [new("", 1, [], [])];
        }
    }

    private static WeightedTarget Target(
        WeightedCluster.Types.ClusterWeight message, string where, Edits outer, FilterOverrides filters,
        Refusals refusals)
    {
        var inside = $"{where} cluster {message.Name}";
        refusals.AddUnknown(message, inside, TargetFields);
        var edits = outer.Inside(
            HeaderDecoding.Edits(message.RequestHeadersToAdd, message.RequestHeadersToRemove, inside, refusals),
            HeaderDecoding.Edits(message.ResponseHeadersToAdd, message.ResponseHeadersToRemove, inside, refusals));
        return new(message.Name, message.Weight ?? 0, edits.Request, edits.Response)
        {
            Filters = message.TypedPerFilterConfig.Count == 0
                ? null
                : filters.Inside(FilterDecoding.Overrides(message.TypedPerFilterConfig, inside, refusals)),
        };
    }

    public static TimeSpan? NoneIfZero(TimeSpan? span) => span == TimeSpan.Zero ? null : span;

    private static int UnknownClusterStatus(Envoy.Config.Route.V3.RouteAction message) =>
        message.ClusterNotFoundResponseCode switch
        {
            Envoy.Config.Route.V3.RouteAction.Types.ClusterNotFoundResponseCode.NotFound => 404,
            Envoy.Config.Route.V3.RouteAction.Types.ClusterNotFoundResponseCode.InternalServerError => 500,
            _ => 503,
        };
}

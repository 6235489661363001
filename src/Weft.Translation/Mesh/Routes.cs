using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;
using EnvoyRoute = Envoy.Config.Route.V3.Route;
using EnvoyRouteMatch = Envoy.Config.Route.V3.RouteMatch;
using HeaderValue = Envoy.Config.Core.V3.HeaderValue;
using ModelRoute = Weft.Model.Route;

namespace Weft.Translation;

/// <summary>How a request finds its cluster.</summary>
internal static class Routes
{
    // What is safe to repeat whatever the method: nothing of the request has reached an application.
    private const string SafeRetries = "connect-failure,refused-stream,reset-before-request";

    private const uint Million = 1_000_000;

    /// <summary>The routes of a service port in first-match order; where none fits, the proxy answers 404.</summary>
    public static IEnumerable<EnvoyRoute> Of(Service service, ServicePort port, bool forGrpc) =>
        port.Routes.IsEmpty
            ? [new() { Name = "default", Match = new() { Prefix = "/" }, Route_ = To(ClusterName.Outbound(service.Name, port.Port)) }]
            : port.Routes.SelectMany(route => Matches(route.Match, forGrpc).SelectMany(match => Of(route, match, forGrpc)));

    /// <summary>A route to one cluster without any bound in time: an application's own deadlines hold.</summary>
    public static RouteAction To(string cluster) =>
        Retried(new RouteAction { Cluster = cluster, Timeout = Duration.FromTimeSpan(TimeSpan.Zero) });

    private static IEnumerable<EnvoyRoute> Of(ModelRoute route, EnvoyRouteMatch match, bool forGrpc)
    {
        var total = route.Backends.Sum(b => (long)b.Weight);
        var missing = route.Backends.Where(b => !b.Exists).Sum(b => (long)b.Weight);
        if (missing == total)
        {
            // No backend at all, or weights of zero only, which Envoy refuses as weighted clusters.
            yield return Failing(route, match);
            yield break;
        }

        if (missing > 0)
        {
            // A missing backend fails for exactly its share: a draw before the weights, which then hold for the rest.
            var drawn = match.Clone();
            drawn.RuntimeFraction = new() { DefaultValue = Share(missing, total) };
            yield return Failing(route, drawn);
        }

        var action = Split([.. route.Backends.Where(b => b.Exists && b.Weight > 0)]);
        var forwarding = new EnvoyRoute
        {
            Name = route.Name,
            Match = match,
            Route_ = WithTimeouts(Retried(action), route, forGrpc),
        };
        Modify(route.RequestHeaders, forwarding);
        yield return forwarding;
    }

    private static EnvoyRoute Failing(ModelRoute route, EnvoyRouteMatch match) => new()
    {
        Name = route.Name,
        Match = match,
        DirectResponse = new() { Status = 500, Body = new DataSource { InlineString = "no such backend" } },
    };

    private static FractionalPercent Share(long part, long total) => new()
    {
        Numerator = (uint)(part * Million / total),
        Denominator = FractionalPercent.Types.DenominatorType.Million,
    };

    private static RouteAction Split(ImmutableArray<Backend> backends)
    {
        if (backends is [var only])
        {
            return new() { Cluster = ClusterName.Outbound(only.Service, only.Port) };
        }

        var weighted = new WeightedCluster();
        weighted.Clusters.AddRange(backends.Select(b => new WeightedCluster.Types.ClusterWeight
        {
            Name = ClusterName.Outbound(b.Service, b.Port),
            Weight = (uint)b.Weight,
        }));
        return new() { WeightedClusters = weighted };
    }

    private static RouteAction Retried(RouteAction action)
    {
        action.RetryPolicy = new() { RetryOn = SafeRetries, NumRetries = 2 };
        return action;
    }

    private static RouteAction WithTimeouts(RouteAction action, ModelRoute route, bool forGrpc)
    {
        // Zero switches Envoy's own 15 s off.
        action.Timeout = Duration.FromTimeSpan(route.Timeout ?? TimeSpan.Zero);
        if (route.BackendTimeout is { } bound)
        {
            action.RetryPolicy.PerTryTimeout = Duration.FromTimeSpan(bound);
        }

        if (forGrpc && route.Timeout is { } deadline)
        {
            // gRPC clients look at this bound only (gRFC A31); in Envoy it would race with the timeout.
            action.MaxStreamDuration = new() { MaxStreamDuration_ = Duration.FromTimeSpan(deadline) };
        }

        return action;
    }

    private static void Modify(HeaderModifier change, EnvoyRoute route)
    {
        route.RequestHeadersToRemove.AddRange(change.Remove);
        route.RequestHeadersToAdd.AddRange(change.Set.Select(h => Option(
            h, HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd)));
        route.RequestHeadersToAdd.AddRange(change.Add.Select(h => Option(
            h, HeaderValueOption.Types.HeaderAppendAction.AppendIfExistsOrAdd)));
    }

    // Envoy reads % as the start of a command; a doubled one stands for itself.
    private static HeaderValueOption Option(Model.HeaderValue header, HeaderValueOption.Types.HeaderAppendAction action) => new()
    {
        Header = new HeaderValue { Key = header.Name, Value = header.Value.Replace("%", "%%", StringComparison.Ordinal) },
        AppendAction = action,
    };

    private static IEnumerable<EnvoyRouteMatch> Matches(Model.RouteMatch match, bool forGrpc)
    {
        foreach (var path in Paths(match.Path, forGrpc))
        {
            path.Headers.AddRange(match.Headers.Select(h => new HeaderMatcher
            {
                Name = h.Name,
                StringMatch = new StringMatcher { Exact = h.Value },
            }));
            yield return path;
        }
    }

    private static IEnumerable<EnvoyRouteMatch> Paths(PathMatch path, bool forGrpc)
    {
        var prefix = path.Value.TrimEnd('/');
        return path.Kind switch
        {
            PathMatchKind.Exact => [new() { Path = path.Value }],
            _ when prefix.Length == 0 => [new() { Prefix = "/" }],
            // gRPC knows no prefix of whole segments: the segment itself, and all below it.
            _ when forGrpc => [new() { Path = prefix }, new() { Prefix = prefix + "/" }],
            _ => [new() { PathSeparatedPrefix = prefix }],
        };
    }
}

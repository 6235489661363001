using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;
using EnvoyRoute = Envoy.Config.Route.V3.Route;
using EnvoyRouteMatch = Envoy.Config.Route.V3.RouteMatch;
using ModelRoute = Weft.Model.Route;

namespace Weft.Translation;

/// <summary>How a request finds its cluster.</summary>
/// <param name="forGrpc">For an application that routes for itself by gRPC, else for a proxy.</param>
/// <param name="listenerPort">The port of the gateway; null beside a workload.</param>
/// <param name="policyOf">The policy of a service port, which holds where a route has none of its own.</param>
internal sealed class Routes(bool forGrpc, int? listenerPort, Func<ObjectName, int, TrafficPolicy> policyOf)
{
    private const uint Million = 1_000_000;

    /// <summary>The routes in first-match order; where none fits, the proxy answers 404.</summary>
    public IEnumerable<EnvoyRoute> Of(ImmutableArray<ModelRoute> routes) =>
        routes.SelectMany(route => RouteMatches.Of(route.Match, forGrpc).SelectMany(match => Of(route, match)));

    /// <summary>All requests to one service port.</summary>
    public EnvoyRoute To(ObjectName service, int port)
    {
        var policy = policyOf(service, port);
        var action = new RouteAction { Cluster = ClusterName.Outbound(service, port), Timeout = None, RetryPolicy = Retries.Of(policy.Retry, null, forGrpc) };
        Hash(action, policy.LoadBalancing?.Hash);
        return new() { Name = "default", Match = new() { Prefix = "/" }, Route_ = action };
    }

    /// <summary>All requests to one cluster without any bound in time: an application's own deadlines hold.</summary>
    public static EnvoyRoute ToCluster(string cluster) => new()
    {
        Name = "default",
        Match = new() { Prefix = "/" },
        Route_ = new RouteAction { Cluster = cluster, Timeout = None, RetryPolicy = Retries.Of(null, null, forGrpc: false) },
    };

    // Zero switches Envoy's own 15 s off.
    private static Duration None => Duration.FromTimeSpan(TimeSpan.Zero);

    private IEnumerable<EnvoyRoute> Of(ModelRoute route, EnvoyRouteMatch match)
    {
        if (route.Filters.Redirect is { } redirect)
        {
            var answer = new EnvoyRoute { Name = route.Name, Match = match, Redirect = Rewrites.Redirect(redirect, route.Match.Path, listenerPort) };
            HeaderOptions.Write(route.Filters.ResponseHeaders, answer.ResponseHeadersToAdd, answer.ResponseHeadersToRemove);
            Configure(route, answer);
            yield return answer;
            yield break;
        }

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
            drawn.RuntimeFraction = new() { DefaultValue = Share(missing * Million / total) };
            yield return Failing(route, drawn);
        }

        yield return Forwarding(route, match, [.. route.Backends.Where(b => b.Exists && b.Weight > 0)]);
    }

    private EnvoyRoute Forwarding(ModelRoute route, EnvoyRouteMatch match, ImmutableArray<Backend> backends)
    {
        var action = Split(backends);
        var policy = policyOf(backends[0].Service, backends[0].Port);
        action.RetryPolicy = Retries.Of(route.Retry ?? policy.Retry, route.BackendTimeout, forGrpc);
        action.Timeout = Duration.FromTimeSpan(route.Timeout ?? TimeSpan.Zero);
        if (forGrpc && route.Timeout is { } deadline)
        {
            // gRPC clients look at this bound only (gRFC A31); in Envoy it would race with the timeout.
            action.MaxStreamDuration = new() { MaxStreamDuration_ = Duration.FromTimeSpan(deadline) };
        }

        Hash(action, policy.LoadBalancing?.Hash);
        if (route.Filters.Rewrite is { } rewrite)
        {
            Rewrites.Rewrite(rewrite, route.Match.Path, action);
        }

        action.RequestMirrorPolicies.AddRange(route.Filters.Mirrors.Select(m => new RouteAction.Types.RequestMirrorPolicy
        {
            Cluster = ClusterName.Outbound(m.Backend.Service, m.Backend.Port),
            RuntimeFraction = new() { DefaultValue = Share(m.Millionths) },
        }));
        var forwarding = new EnvoyRoute { Name = route.Name, Match = match, Route_ = action };
        HeaderOptions.Write(route.Filters.RequestHeaders, forwarding.RequestHeadersToAdd, forwarding.RequestHeadersToRemove);
        HeaderOptions.Write(route.Filters.ResponseHeaders, forwarding.ResponseHeadersToAdd, forwarding.ResponseHeadersToRemove);
        Configure(route, forwarding);
        return forwarding;
    }

    private EnvoyRoute Failing(ModelRoute route, EnvoyRouteMatch match)
    {
        var failing = new EnvoyRoute
        {
            Name = route.Name,
            Match = match,
            DirectResponse = new() { Status = 500, Body = new DataSource { InlineString = "no such backend" } },
        };
        Configure(route, failing);
        return failing;
    }

    // gRPC refuses filters that it does not have.
    private void Configure(ModelRoute route, EnvoyRoute made)
    {
        if (!forGrpc)
        {
            HttpFilters.Configure(route, made.TypedPerFilterConfig);
        }
    }

    private static FractionalPercent Share(long millionths) => new()
    {
        Numerator = (uint)millionths,
        Denominator = FractionalPercent.Types.DenominatorType.Million,
    };

    private static RouteAction Split(ImmutableArray<Backend> backends)
    {
        if (backends is [{ RequestHeaders.IsNone: true, ResponseHeaders.IsNone: true } only])
        {
            return new() { Cluster = ClusterName.Outbound(only.Service, only.Port) };
        }

        var weighted = new WeightedCluster();
        foreach (var backend in backends)
        {
            var share = new WeightedCluster.Types.ClusterWeight
            {
                Name = ClusterName.Outbound(backend.Service, backend.Port),
                Weight = (uint)backend.Weight,
            };
            HeaderOptions.Write(backend.RequestHeaders, share.RequestHeadersToAdd, share.RequestHeadersToRemove);
            HeaderOptions.Write(backend.ResponseHeaders, share.ResponseHeadersToAdd, share.ResponseHeadersToRemove);
            weighted.Clusters.Add(share);
        }

        return new() { WeightedClusters = weighted };
    }

    private static void Hash(RouteAction action, HashKey? key)
    {
        if (key is null)
        {
            return;
        }

        var policy = new RouteAction.Types.HashPolicy();
        switch (key.Kind)
        {
            case "Header":
                policy.Header = new() { HeaderName = key.Name };
                break;
            case "Cookie":
                policy.Cookie = new() { Name = key.Name };
                if (key.Ttl is { } ttl)
                {
                    policy.Cookie.Ttl = Duration.FromTimeSpan(ttl);
                }

                break;
            default:
                policy.ConnectionProperties = new() { SourceIp = true };
                break;
        }

        action.HashPolicy.Add(policy);
    }
}

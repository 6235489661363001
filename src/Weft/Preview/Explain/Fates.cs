using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using Route = Envoy.Config.Route.V3.Route;

namespace Weft.Preview;

/// <summary>What becomes of a share of the requests.</summary>
/// <param name="Status">What the proxy itself answers; null where an endpoint answers.</param>
/// <param name="Target">A cluster, or null where the proxy answers.</param>
/// <param name="Ready">The ready endpoints of the cluster; null where they are not known here.</param>
internal sealed record Fate(double Share, int? Status, string? Target, ImmutableArray<string>? Ready)
{
    private const int FirstFailure = 400;

    public bool Fails => Status >= FirstFailure;
}

/// <summary>Where requests end that a table was asked for.</summary>
internal static class Fates
{
    private const int NotFound = 404;
    private const int Unavailable = 503;
    private const double Least = 1e-9;

    /// <summary>Their shares add up to 1.</summary>
    public static IEnumerable<Fate> Of(RouteExplanation explanation, NodeConfig node)
    {
        foreach (var step in explanation.Takers)
        {
            foreach (var fate in Of(step.Route, node))
            {
                yield return fate with { Share = fate.Share * step.Share };
            }
        }

        if (explanation.Left > Least)
        {
            yield return new(explanation.Left, NotFound, null, null);
        }
    }

    /// <summary>Those of what a route takes.</summary>
    public static IEnumerable<Fate> Of(Route route, NodeConfig node) => route.ActionCase switch
    {
        Route.ActionOneofCase.DirectResponse => [new(1, (int)route.DirectResponse.Status, null, null)],
        Route.ActionOneofCase.Redirect => [new(1, RedirectWords.StatusOf(route.Redirect), null, null)],
        Route.ActionOneofCase.Route_ => Destinations.Of(route).Select(d => At(d.Cluster, d.Share, route.Route_, node)),
        _ => [new(1, null, null, null)],
    };

    private static Fate At(string cluster, double share, RouteAction action, NodeConfig node)
    {
        if (cluster.StartsWith('('))
        {
            return new(share, null, cluster, null);
        }

        if (!node.HasCluster(cluster))
        {
            var missing = action.ClusterNotFoundResponseCode == RouteAction.Types.ClusterNotFoundResponseCode.NotFound
                ? NotFound
                : Unavailable;
            return new(share, missing, cluster, []);
        }

        var ready = node.ReadyEndpoints(cluster);
        return new(share, ready is { IsEmpty: true } ? Unavailable : null, cluster, ready);
    }
}

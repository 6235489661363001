using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using Route = Envoy.Config.Route.V3.Route;

namespace Weft.Preview;

/// <summary>Where a route sends what it takes: the clusters with their shares, which add up to 1.</summary>
internal static class Destinations
{
    /// <summary>Empty where the route answers itself.</summary>
    public static ImmutableArray<(string Cluster, double Share)> Of(Route route) => route.Route_ is not { } action
        ? []
        : action.ClusterSpecifierCase switch
        {
            RouteAction.ClusterSpecifierOneofCase.Cluster => [(action.Cluster, 1)],
            RouteAction.ClusterSpecifierOneofCase.WeightedClusters => Of(action.WeightedClusters),
            RouteAction.ClusterSpecifierOneofCase.ClusterHeader => [($"(named by header {action.ClusterHeader})", 1)],
            _ => [("(named by an extension)", 1)],
        };

    /// <summary>All clusters that a table leads to, each once.</summary>
    public static IEnumerable<string> Of(RouteConfiguration table) => table.VirtualHosts.SelectMany(host => host.Routes)
        .SelectMany(route => Of(route)).Select(to => to.Cluster).Distinct(StringComparer.Ordinal);

    private static ImmutableArray<(string, double)> Of(WeightedCluster weighted)
    {
        var total = weighted.Clusters.Sum(c => (double)(c.Weight ?? 0));
        return [.. weighted.Clusters
            .Select(c => (Name: c.Name.Length > 0 ? c.Name : $"(named by header {c.ClusterHeader})", Weight: c.Weight ?? 0))
            .GroupBy(c => c.Name, StringComparer.Ordinal)
            .Select(same => (same.Key, total > 0 ? same.Sum(c => (double)c.Weight) / total : 0))];
    }
}

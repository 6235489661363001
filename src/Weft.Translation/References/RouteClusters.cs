using Envoy.Config.Route.V3;
using EnvoyRoute = Envoy.Config.Route.V3.Route;

namespace Weft.Translation;

/// <summary>
/// The clusters that routes send to. A mesh has thousands of routes, so this knows the places; a cluster that a header
/// of the request names is known to nobody.
/// </summary>
internal static class RouteClusters
{
    public static IEnumerable<string> Of(RouteConfiguration routes) =>
        routes.VirtualHosts.SelectMany(Of).Concat(Mirrors(routes.RequestMirrorPolicies));

    public static IEnumerable<string> Of(VirtualHost host) => host.Routes.SelectMany(Of).Concat(Mirrors(host.RequestMirrorPolicies));

    public static IEnumerable<string> Of(EnvoyRoute route)
    {
        if (route.Route_ is not { } action)
        {
            return [];
        }

        var main = action.ClusterSpecifierCase switch
        {
            RouteAction.ClusterSpecifierOneofCase.Cluster => [action.Cluster],
            RouteAction.ClusterSpecifierOneofCase.WeightedClusters => action.WeightedClusters.Clusters.Select(c => c.Name),
            _ => (IEnumerable<string>)[],
        };
        return (action.RequestMirrorPolicies.Count == 0 ? main : main.Concat(Mirrors(action.RequestMirrorPolicies)))
            .Where(name => name.Length > 0);
    }

    private static IEnumerable<string> Mirrors(IEnumerable<RouteAction.Types.RequestMirrorPolicy> mirrors) =>
        mirrors.Select(m => m.Cluster).Where(name => name.Length > 0);
}

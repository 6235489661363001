using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf.Collections;
using Action = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;
using Route = Envoy.Config.Route.V3.Route;

namespace Weft.Preview;

/// <summary>Changes of headers, in words.</summary>
internal static class HeaderFacts
{
    private const string Request = "request header";
    private const string Response = "response header";

    public static IEnumerable<RouteFact> Of(Route route) => Of(
        route.RequestHeadersToRemove, route.RequestHeadersToAdd, route.ResponseHeadersToRemove, route.ResponseHeadersToAdd, "");

    public static IEnumerable<RouteFact> Of(VirtualHost host) => Of(
        host.RequestHeadersToRemove, host.RequestHeadersToAdd, host.ResponseHeadersToRemove, host.ResponseHeadersToAdd,
        " (of the virtual host)");

    public static IEnumerable<RouteFact> Of(RouteConfiguration table) => Of(
        table.RequestHeadersToRemove, table.RequestHeadersToAdd, table.ResponseHeadersToRemove, table.ResponseHeadersToAdd,
        " (of the table)");

    /// <summary>Those that only the requests to one of a route's clusters get.</summary>
    public static IEnumerable<RouteFact> OfTargets(Route route, ServiceNames names) =>
        route.Route_?.WeightedClusters is not { } weighted ? [] : weighted.Clusters.SelectMany(cluster => Of(
            cluster.RequestHeadersToRemove, cluster.RequestHeadersToAdd,
            cluster.ResponseHeadersToRemove, cluster.ResponseHeadersToAdd, $" (to {names.Cluster(cluster.Name)})"));

    private static IEnumerable<RouteFact> Of(
        RepeatedField<string> requestRemove, RepeatedField<HeaderValueOption> requestAdd,
        RepeatedField<string> responseRemove, RepeatedField<HeaderValueOption> responseAdd, string of) =>
        [
            .. requestRemove.Select(name => new RouteFact("request_headers_to_remove", Request, Remove(name, of))),
            .. requestAdd.Select(option => new RouteFact("request_headers_to_add", Request, Add(option, of))),
            .. responseRemove.Select(name => new RouteFact("response_headers_to_remove", Response, Remove(name, of))),
            .. responseAdd.Select(option => new RouteFact("response_headers_to_add", Response, Add(option, of))),
        ];

    private static string Remove(string name, string of) => $"remove {Words.Shown(name)}{of}";

    private static string Add(HeaderValueOption option, string of)
    {
        // A doubled % stands for itself.
        var value = Words.Shown(option.Header.Value.Replace("%%", "%", StringComparison.Ordinal));
        var header = $"{Words.Shown(option.Header.Key)}: {value}{of}";
        return ActionOf(option) switch
        {
            Action.OverwriteIfExistsOrAdd => $"set {header}",
            Action.AddIfAbsent => $"set where absent {header}",
            Action.OverwriteIfExists => $"set where present {header}",
            _ => $"add {header}",
        };
    }

#pragma warning disable CS0612 // Deprecated in Envoy's API, and still obeyed by Envoy.
    private static Action ActionOf(HeaderValueOption option) => option.Append switch
    {
        false => Action.OverwriteIfExistsOrAdd,
        _ => option.AppendAction,
    };
#pragma warning restore CS0612
}

using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>The resources of one node as messages, by type and name.</summary>
internal sealed class NodeConfig
{
    private readonly Dictionary<string, Cluster> _clusters;
    private readonly Dictionary<string, ClusterLoadAssignment> _assignments;
    private readonly Dictionary<string, RouteConfiguration> _routes;
    private readonly HashSet<string> _used;

    public NodeConfig(IEnumerable<IMessage> messages)
    {
        var all = messages.ToList();
        _clusters = Named(all.OfType<Cluster>(), c => c.Name);
        _assignments = Named(all.OfType<ClusterLoadAssignment>(), a => a.ClusterName);
        _routes = Named(all.OfType<RouteConfiguration>(), r => r.Name);
        Listeners = Named(all.OfType<Listener>(), l => l.Name);
        Names = new ServiceNames(_clusters.Keys);
        Tables = [.. TablesOf(this)];
        _used = [.. Tables.SelectMany(t => t.Table.VirtualHosts).SelectMany(h => h.Routes).SelectMany(r => Destinations.Of(r)).Select(d => d.Cluster)];
    }

    public IReadOnlyDictionary<string, Listener> Listeners { get; }

    public IReadOnlyCollection<string> Clusters => _clusters.Keys;

    public ServiceNames Names { get; }

    /// <summary>All route tables that a request of the node's own can meet, each with the listener before it.</summary>
    public ImmutableArray<(Listener Listener, RouteConfiguration Table)> Tables { get; }

    /// <summary>The first table behind a listener; null where there is none.</summary>
    public RouteConfiguration? TableOf(string listener) => Tables.FirstOrDefault(t => t.Listener.Name == listener).Table;

    /// <summary>Whether a route leads to it.</summary>
    public bool IsUsed(string cluster) => _used.Contains(cluster);

    public bool HasCluster(string name) => _clusters.ContainsKey(name);

    /// <summary>The endpoints that may get requests; null where the node has no such cluster, or cannot know them.</summary>
    public ImmutableArray<string>? ReadyEndpoints(string cluster) => !_clusters.TryGetValue(cluster, out var found) ? null
        : found.Type == Cluster.Types.DiscoveryType.Eds && found.ClusterType is null
            ? Ready(_assignments.GetValueOrDefault(
                found.EdsClusterConfig?.ServiceName is { Length: > 0 } named ? named : cluster))
            : found.LoadAssignment is { } inline ? Ready(inline) : null;

    public static NodeConfig Of(ResourceSet? set) => new(
        (set ?? ResourceSet.Empty).Types.SelectMany(t => t.All).Select(EnvoyJson.Message).OfType<IMessage>());

    private static ImmutableArray<string> Ready(ClusterLoadAssignment? assignment) => assignment is null
        ? []
        : [.. Endpoints.Of(assignment).Where(e => e.IsReady).Select(e => e.Address)];

    private static Dictionary<string, T> Named<T>(IEnumerable<T> all, Func<T, string> name) =>
        all.DistinctBy(name).ToDictionary(name, StringComparer.Ordinal);

    private static IEnumerable<(Listener, RouteConfiguration)> TablesOf(NodeConfig node)
    {
        foreach (var listener in node.Listeners.Values)
        {
            foreach (var manager in HttpManagers.Of(listener))
            {
                var table = manager.RouteConfig
                    ?? (manager.Rds is { } rds ? node._routes.GetValueOrDefault(rds.RouteConfigName) : null);
                if (table is not null)
                {
                    yield return (listener, table);
                }
            }
        }
    }
}

/// <summary>The HTTP connection managers in a listener.</summary>
internal static class HttpManagers
{
    public static IEnumerable<HttpConnectionManager> Of(Listener listener)
    {
        var chains = listener.DefaultFilterChain is { } fallback ? listener.FilterChains.Append(fallback) : listener.FilterChains;
        return chains.SelectMany(chain => chain.Filters).Select(filter => filter.TypedConfig)
            .Append(listener.ApiListener?.ApiListener_)
            .Where(any => any is not null && any.Is(HttpConnectionManager.Descriptor))
            .Select(any => EnvoyJson.Message(any!.TypeUrl, any.Value))
            .OfType<HttpConnectionManager>();
    }
}

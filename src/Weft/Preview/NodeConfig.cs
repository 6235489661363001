using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>
/// The resources of one node as messages, by type and name. What nobody asks for is not made. For one thread.
/// </summary>
internal sealed class NodeConfig
{
    private readonly Lazy<Dictionary<string, Cluster>> _clusters;
    private readonly Lazy<Dictionary<string, ClusterLoadAssignment>> _assignments;
    private readonly Lazy<Dictionary<string, RouteConfiguration>> _routes;
    private readonly Lazy<ServiceNames> _names;

    public NodeConfig(IReadOnlyCollection<IMessage> messages)
        : this(
            messages.OfType<Cluster>(), messages.OfType<ClusterLoadAssignment>(), messages.OfType<RouteConfiguration>(),
            messages.OfType<Listener>())
    {
    }

    private NodeConfig(
        IEnumerable<Cluster> clusters, IEnumerable<ClusterLoadAssignment> assignments, IEnumerable<RouteConfiguration> routes,
        IEnumerable<Listener> listeners)
    {
        _clusters = Named(clusters, c => c.Name);
        _assignments = Named(assignments, a => a.ClusterName);
        _routes = Named(routes, r => r.Name);
        Listeners = Named(listeners, l => l.Name).Value;
        Tables = [.. TablesOf(this)];
        _names = new(() => new ServiceNames(_clusters.Value.Keys));
    }

    public IReadOnlyDictionary<string, Listener> Listeners { get; }

    public ServiceNames Names => _names.Value;

    /// <summary>All route tables that a request of the node's own can meet, each with the listener before it.</summary>
    public ImmutableArray<(Listener Listener, RouteConfiguration Table)> Tables { get; }

    /// <summary>The first table behind a listener; null where there is none.</summary>
    public RouteConfiguration? TableOf(string listener) => Tables.FirstOrDefault(t => t.Listener.Name == listener).Table;

    public bool HasCluster(string name) => _clusters.Value.ContainsKey(name);

    /// <summary>The endpoints that may get requests; null where the node has no such cluster, or cannot know them.</summary>
    public ImmutableArray<string>? ReadyEndpoints(string cluster) => !_clusters.Value.TryGetValue(cluster, out var found) ? null
        : found.Type == Cluster.Types.DiscoveryType.Eds && found.ClusterType is null
            ? Ready(_assignments.Value.GetValueOrDefault(
                found.EdsClusterConfig?.ServiceName is { Length: > 0 } named ? named : cluster))
            : found.LoadAssignment is { } inline ? Ready(inline) : null;

    public static NodeConfig Of(ResourceSet? set) => Of(set ?? ResourceSet.Empty, new());

    /// <summary>As <see cref="Of(ResourceSet?)"/>, for many nodes that share resources.</summary>
    public static NodeConfig Of(ResourceSet set, KnownMessages messages)
    {
        IEnumerable<IMessage> All(string typeUrl) => set.Of(typeUrl).All.Select(messages.Of).OfType<IMessage>();
        return new(
            All(TypeUrl.Cluster).OfType<Cluster>(), All(TypeUrl.Endpoints).OfType<ClusterLoadAssignment>(),
            All(TypeUrl.Route).OfType<RouteConfiguration>(), All(TypeUrl.Listener).OfType<Listener>());
    }

    private static ImmutableArray<string> Ready(ClusterLoadAssignment? assignment) => assignment is null
        ? []
        : [.. Endpoints.Of(assignment).Where(e => e.IsReady).Select(e => e.Address)];

    private static Lazy<Dictionary<string, T>> Named<T>(IEnumerable<T> all, Func<T, string> name) =>
        new(() => all.DistinctBy(name).ToDictionary(name, StringComparer.Ordinal));

    private static IEnumerable<(Listener, RouteConfiguration)> TablesOf(NodeConfig node)
    {
        foreach (var listener in node.Listeners.Values)
        {
            foreach (var manager in HttpManagers.Of(listener))
            {
                var table = manager.RouteConfig
                    ?? (manager.Rds is { } rds ? node._routes.Value.GetValueOrDefault(rds.RouteConfigName) : null);
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
            .Select(any => EnvoyMessages.Of(any!.TypeUrl, any.Value))
            .OfType<HttpConnectionManager>();
    }
}

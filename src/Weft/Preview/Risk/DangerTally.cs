using Envoy.Config.Cluster.V3;
using Envoy.Config.Route.V3;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>
/// Collects what could fail by changes. Nodes share tables and what these lead to: the same change is tried once. For one
/// thread.
/// </summary>
internal sealed class DangerTally(ServiceNames names, KnownMessages messages)
{
    private readonly OrderedDictionary<string, int> _found = new(StringComparer.Ordinal);
    private readonly HashSet<Trial> _tried = [];
    private readonly Dictionary<object, string[]> _destinations = new(ReferenceEqualityComparer.Instance);

    /// <summary>Each once.</summary>
    public IEnumerable<string> All => _found.Keys;

    /// <summary>Adds what could fail for a node that gets the one set instead of the other.</summary>
    public void Add(ResourceSet before, ResourceSet after)
    {
        var (was, now) = (NodeConfig.Of(before, messages), NodeConfig.Of(after, messages));
        var dangers = new Dangers(was, now, names);
        AddAll(dangers.OfListeners());
        foreach (var (listener, table) in was.Tables.Where(t => now.Listeners.ContainsKey(t.Listener.Name)))
        {
            var other = now.TableOf(listener.Name) ?? new();
            var trial = new Trial(new(table), new(other), Backends(before, table, other), Backends(after, table, other));
            if (_tried.Add(trial))
            {
                AddAll(dangers.OfTable(table, other));
            }
        }
    }

    private void AddAll(IEnumerable<string> dangers)
    {
        foreach (var danger in dangers)
        {
            _found.TryAdd(danger, 0);
        }
    }

    // The clusters that the two lead to, and their endpoints, as one hash.
    private ContentHash Backends(ResourceSet set, RouteConfiguration one, RouteConfiguration other)
    {
        var (clusters, assignments) = (set.Of(TypeUrl.Cluster), set.Of(TypeUrl.Endpoints));
        var sum = ContentHash.Empty;
        foreach (var name in DestinationsOf(one).Union(DestinationsOf(other), StringComparer.Ordinal))
        {
            if (clusters.TryGet(name, out var cluster))
            {
                var service = (messages.Of(cluster) as Cluster)?.EdsClusterConfig?.ServiceName;
                sum = sum.Plus(cluster.Hash);
                sum = assignments.TryGet(service is { Length: > 0 } ? service : name, out var endpoints) ? sum.Plus(endpoints.Hash) : sum;
            }
        }

        return sum;
    }

    private string[] DestinationsOf(RouteConfiguration table)
    {
        if (!_destinations.TryGetValue(table, out var clusters))
        {
            _destinations[table] = clusters = [.. Destinations.Of(table)];
        }

        return clusters;
    }

    private readonly record struct Trial(Same Was, Same Now, ContentHash Before, ContentHash After);

    // To compare tables of hundreds of hosts would cost more than to try them.
    private readonly record struct Same(RouteConfiguration Table)
    {
        public bool Equals(Same other) => ReferenceEquals(Table, other.Table);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Table);
    }
}

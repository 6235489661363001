using Envoy.Config.Route.V3;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>
/// Collects what could fail by changes. Nodes share tables and what these lead to: the same change is tried once. For
/// one thread.
/// </summary>
internal sealed class DangerTally(ServiceNames names, KnownMessages messages)
{
    private readonly OrderedDictionary<string, int> _found = new(StringComparer.Ordinal);
    private readonly HashSet<Trial> _tried = [];
    private readonly Dictionary<object, HashSet<string>> _destinations = new(ReferenceEqualityComparer.Instance);

    /// <summary>Each once.</summary>
    public IEnumerable<string> All => _found.Keys;

    /// <summary>Adds what could fail for the nodes of a group.</summary>
    public void Add(string group, ResourceGroups served, ResourceGroups planned)
    {
        var (before, after) = (NodeOf(group, served), NodeOf(group, planned));
        var dangers = new Dangers(before, after, names);
        AddAll(dangers.OfListeners());
        foreach (var (listener, table) in before.Tables.Where(t => after.Listeners.ContainsKey(t.Listener.Name)))
        {
            var now = after.TableOf(listener.Name) ?? new();
            var (one, other) = (BackendsOf(group, served, table, now), BackendsOf(group, planned, table, now));
            if (_tried.Add(new(new(table), new(now), one, other)))
            {
                AddAll(dangers.OfTable(table, now));
            }
        }
    }

    private NodeConfig NodeOf(string group, ResourceGroups groups) =>
        NodeConfig.Of(groups.For(group) ?? ResourceSet.Empty, messages);

    private void AddAll(IEnumerable<string> dangers)
    {
        foreach (var danger in dangers)
        {
            _found.TryAdd(danger, 0);
        }
    }

    // What the two tables lead to, as far as groups differ in it: what is shared is the same for all that have it.
    private Backends BackendsOf(string group, ResourceGroups groups, RouteConfiguration one, RouteConfiguration other)
    {
        if (!groups.ByName.TryGetValue(group, out var known))
        {
            return new(false, groups.Default?.Hash ?? ContentHash.Empty);
        }

        var own = known.Own.Of(TypeUrl.Cluster).All
            .Where(cluster => DestinationsOf(one).Contains(cluster.Name) || DestinationsOf(other).Contains(cluster.Name))
            .Aggregate(known.Own.Of(TypeUrl.Endpoints).Hash, (sum, cluster) => sum.Plus(cluster.Hash));
        return new(known.IsOnShared, own);
    }

    private HashSet<string> DestinationsOf(RouteConfiguration table)
    {
        if (!_destinations.TryGetValue(table, out var clusters))
        {
            _destinations[table] = clusters = Destinations.Of(table).ToHashSet(StringComparer.Ordinal);
        }

        return clusters;
    }

    private readonly record struct Trial(Same Was, Same Now, Backends Before, Backends After);

    private readonly record struct Backends(bool OnShared, ContentHash Own);

    // To compare tables of hundreds of hosts would cost more than to try them.
    private readonly record struct Same(RouteConfiguration Table)
    {
        public bool Equals(Same other) => ReferenceEquals(Table, other.Table);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Table);
    }
}

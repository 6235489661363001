using System.Collections.Immutable;

namespace Weft.Preview;

/// <summary>Changes that the same proxies get.</summary>
/// <param name="Nodes">In order.</param>
internal sealed record ChangeGroup(ImmutableArray<string> Nodes, ImmutableArray<ResourceChange> Changes);

/// <summary>Collects who gets which changes. For one thread.</summary>
internal sealed class ChangeTally
{
    private readonly OrderedDictionary<string, (ResourceChange Change, List<string> Nodes)> _found =
        new(StringComparer.Ordinal);

    /// <summary>Those with the most proxies first.</summary>
    public ImmutableArray<ChangeGroup> Groups => [.. _found.Values
        .Select(f => (f.Change, Nodes: InOrder(f.Nodes)))
        .GroupBy(c => string.Join('\n', c.Nodes), StringComparer.Ordinal)
        .Select(same => new ChangeGroup(same.First().Nodes, [.. same.Select(c => c.Change)]))
        .OrderByDescending(g => g.Nodes.Length).ThenBy(g => g.Nodes[0], StringComparer.Ordinal)];

    /// <summary>Adds all changes that these nodes get.</summary>
    public void Add(ImmutableArray<ResourceChange> changes, ImmutableArray<string> nodes)
    {
        foreach (var change in changes)
        {
            _found.TryAdd(change.Key, (change, []), out var place);
            _found.GetAt(place).Value.Nodes.AddRange(nodes);
        }
    }

    private static ImmutableArray<string> InOrder(IEnumerable<string> nodes) =>
        [.. nodes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

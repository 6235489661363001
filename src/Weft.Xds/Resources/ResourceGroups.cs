using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;

namespace Weft.Xds;

/// <summary>Who gets what. Immutable; safe for any number of threads.</summary>
/// <param name="byName">The groups of nodes that have resources of their own.</param>
/// <param name="everybodyElse">
/// What a node of any other group gets; null while nothing has been published, so that a client which connects too
/// early waits instead of being told that all it had is gone.
/// </param>
/// <param name="shared">What several groups have beside their own.</param>
public sealed class ResourceGroups(ImmutableDictionary<string, ResourceGroup> byName, ResourceSet? everybodyElse, ResourceSet shared)
{
    /// <summary>The groups of nodes that have resources of their own.</summary>
    public ImmutableDictionary<string, ResourceGroup> ByName => byName;

    /// <summary>What a node of any other group gets.</summary>
    public ResourceSet? Default => everybodyElse;

    /// <summary>What several groups have beside their own.</summary>
    public ResourceSet Shared => shared;

    // A group's whole is the same object for all who ask, as long as these groups are published.
    private readonly ConcurrentDictionary<string, ResourceSet> _whole = new(StringComparer.Ordinal);

    /// <summary>Nothing has been published yet.</summary>
    public static ResourceGroups Unpublished { get; } = new(ImmutableDictionary<string, ResourceGroup>.Empty, null, ResourceSet.Empty);

    /// <summary>The groups whose nodes have asked, or that need not be asked for: with what each gets.</summary>
    public IEnumerable<KeyValuePair<string, ResourceSet>> Made =>
        ByName.Where(g => g.Value.IsMade).Select(g => KeyValuePair.Create(g.Key, For(g.Key)!));

    /// <summary>The span in which this was published, which the spans of its pushes refer to; the default for none.</summary>
    public ActivityContext Origin { get; private init; }

    /// <summary>The set of a group, or null where nothing has been published for it yet.</summary>
    public ResourceSet? For(string group) => ByName.TryGetValue(group, out var own)
        ? _whole.GetOrAdd(group, static (_, of) => of.own.Over(of.Shared), (own, Shared))
        : Default;

    /// <summary>With another set for one group.</summary>
    public ResourceGroups With(string group, ResourceSet set) =>
        new(ByName.SetItem(group, ResourceGroup.Exactly(set)), Default, Shared);

    /// <summary>The same, published within a span.</summary>
    public ResourceGroups From(ActivityContext origin) => new(ByName, Default, Shared) { Origin = origin };

    /// <summary>With something else that several groups share.</summary>
    public ResourceGroups WithShared(ResourceSet other) => new(ByName, Default, other);

    /// <summary>With another set for everybody else.</summary>
    public ResourceGroups With(ResourceSet everybody) => new(ByName, everybody, Shared);
}

using System.Collections.Immutable;
using System.Diagnostics;

namespace Weft.Xds;

/// <summary>
/// Who gets what: a set for each group of nodes that has one of its own, and one for everybody else.
/// </summary>
/// <param name="ByName">The groups with a set of their own.</param>
/// <param name="Default">
/// What a node of any other group gets; null while nothing has been published, so that a client which connects too
/// early waits instead of being told that all it had is gone.
/// </param>
public sealed record ResourceGroups(ImmutableDictionary<string, ResourceSet> ByName, ResourceSet? Default)
{
    /// <summary>Nothing has been published yet.</summary>
    public static ResourceGroups Unpublished { get; } = new(ImmutableDictionary<string, ResourceSet>.Empty, null);

    /// <summary>The span in which this was published, which the spans of its pushes refer to; the default for none.</summary>
    public ActivityContext Origin { get; init; }

    /// <summary>The set of a group, or null where nothing has been published for it yet.</summary>
    public ResourceSet? For(string group) => ByName.TryGetValue(group, out var set) ? set : Default;

    /// <summary>With another set for one group.</summary>
    public ResourceGroups With(string group, ResourceSet set) => this with { ByName = ByName.SetItem(group, set) };
}

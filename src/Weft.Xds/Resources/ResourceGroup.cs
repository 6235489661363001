namespace Weft.Xds;

/// <summary>What one group of nodes gets. Immutable; what is not there yet is made when a node first asks.</summary>
public sealed class ResourceGroup
{
    private readonly Lazy<ResourceSet> _own;
    private readonly bool _onShared;

    // What it was composed to last, so that the next composition shares all types that have not changed.
    private Composed? _last;

    private sealed record Composed(ResourceSet Shared, ResourceSet Whole);

    private ResourceGroup(Lazy<ResourceSet> own, bool onShared) => (_own, _onShared) = (own, onShared);

    /// <summary>Whether anybody has asked for it.</summary>
    public bool IsMade => _own.IsValueCreated;

    /// <summary>What it has itself. Made by whoever asks first.</summary>
    public ResourceSet Own => _own.Value;

    /// <summary>Whether it gets <see cref="ResourceGroups.Shared"/>, too.</summary>
    public bool IsOnShared => _onShared;

    /// <summary>A group that gets exactly these resources.</summary>
    public static ResourceGroup Exactly(ResourceSet set) => new(new(set), onShared: false);

    /// <summary>
    /// A group that gets these resources and, beside them, all of <see cref="ResourceGroups.Shared"/> that has other
    /// names.
    /// </summary>
    public static ResourceGroup OnShared(ResourceSet own) => new(new(own), onShared: true);

    /// <summary>As <see cref="OnShared(ResourceSet)"/>; its own resources are made when a node first asks for them.</summary>
    /// <param name="own">Called once, by whoever is first.</param>
    public static ResourceGroup OnShared(Func<ResourceSet> own) => new(new(own), onShared: true);

    internal ResourceSet Over(ResourceSet shared)
    {
        var own = _own.Value;
        if (!_onShared)
        {
            return own;
        }

        var last = _last;
        if (last?.Shared != shared)
        {
            // Two threads may do this at once: they come to equal sets, and the groups keep the first.
            _last = last = new(shared, Composition(own, shared, last));
        }

        return last.Whole;
    }

    // A type that the group has nothing of is the shared one; one that is as it was when last composed is that one.
    private static ResourceSet Composition(ResourceSet own, ResourceSet shared, Composed? last)
    {
        var types = shared.Types.Select(map => map.TypeUrl).Union(own.Types.Select(map => map.TypeUrl), StringComparer.Ordinal);
        return ResourceSet.Of(types.Select(type =>
            last is not null && last.Shared.Of(type) == shared.Of(type) ? last.Whole.Of(type)
            : Composition(type, own.Of(type), shared.Of(type))));
    }

    private static ResourceMap Composition(string type, ResourceMap own, ResourceMap shared)
    {
        var whole = shared.With(type, own.All.Select(r => KeyValuePair.Create(r.Name, (XdsResource?)r)));
        return own.Errors.IsEmpty ? whole : whole.With(type, shared.Errors.SetItems(own.Errors));
    }
}

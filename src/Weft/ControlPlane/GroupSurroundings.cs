using Weft.Translation;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>What a group's own resources are checked against.</summary>
/// <param name="Proxy">Whose group it is.</param>
/// <param name="Raw">The raw resources, which it gets in any case.</param>
/// <param name="Shared">What it gets, too, if it <paramref name="Sends"/>.</param>
/// <param name="Last">What it had itself: where the last good version of a resource is found; null where that is not known.</param>
/// <param name="LastShared">What it had beside that; null where it had nothing.</param>
internal sealed record GroupSurroundings(
    ProxyClass Proxy, bool Sends, RawLayer Raw, SharedNames Shared, ResourceSet? Last, ResourceSet? LastShared)
{
    /// <summary>A resource as it was published last, or null.</summary>
    public XdsResource? LastOf(Reference reference) => In(Last, reference) ?? In(LastShared, reference);

    /// <summary>Whether there is such a resource beside the group's own.</summary>
    public bool Has(Reference reference) => Sends ? Shared.Has(reference) : SharedNames.Has(Raw.Set, reference);

    private static XdsResource? In(ResourceSet? set, Reference reference) =>
        set is not null && set.Of(reference.TypeUrl).TryGet(reference.Name, out var resource) ? resource : null;
}

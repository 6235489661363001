using System.Collections.Immutable;
using Weft.Flow;
using Weft.Translation.Raw;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>The raw resources, which every node gets unless the manifests make one of the same name for it.</summary>
internal sealed record RawLayer(ImmutableArray<RawResource> Sources, ResourceSet Set)
{
    public static RawLayer Of(ImmutableArray<RawResource> sources, RawLayer? former) =>
        former?.Sources == sources
            ? former
            : new(sources, ResourceSet.Create(sources.Select(r => XdsResource.Create(r.TypeUrl, r.Name, r.Body)), former?.Set));

    /// <summary>Those whose names others take.</summary>
    public IEnumerable<Diagnostic> HiddenBy(ResourceSet others) => Sources
        .Where(raw => others.Of(raw.TypeUrl).Contains(raw.Name))
        .Select(raw => Diagnostic.Error(
            "WEFT4001", raw.Where,
            $"The raw {TypeUrl.ShortName(raw.TypeUrl)} resource '{raw.Name}' has the name of one that the "
            + "manifests make: proxies that get both keep the one of the manifests.",
            "give the raw resource another name"));
}

using System.Collections.Immutable;
using Weft.Flow;
using Weft.Translation;
using Weft.Translation.Raw;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>The raw resources, which every node gets unless the manifests make one of the same name for it.</summary>
/// <param name="Outward">What they name that is none of them.</param>
internal sealed record RawLayer(
    ImmutableArray<RawResource> Sources, ResourceSet Set, ImmutableArray<(RawResource From, Reference To)> Outward)
{
    public static RawLayer Nothing { get; } = new([], ResourceSet.Empty, []);

    public static RawLayer Of(ImmutableArray<RawResource> sources, RawLayer? former)
    {
        if (former?.Sources == sources)
        {
            return former;
        }

        var set = ResourceSet.Create(sources.Select(SentAs), former?.Set);
        return new(sources, set, [.. sources.SelectMany(from => OutwardOf(from, set))]);
    }

    /// <summary>Those whose names others take.</summary>
    public IEnumerable<Diagnostic> HiddenBy(ResourceSet others) => Sources
        .Where(raw => others.Of(raw.TypeUrl).Contains(raw.Name))
        .Select(raw => Diagnostic.Error(
            "WEFT4001", raw.Where,
            $"The raw {TypeUrl.ShortName(raw.TypeUrl)} resource '{raw.Name}' has the name of one that the "
            + "manifests make: proxies that get both keep the one of the manifests.",
            "give the raw resource another name"));

    /// <summary>Those that name what nobody has. They are sent as they are: whoever writes Envoy's words knows more than is known here.</summary>
    /// <param name="isMade">Whether the manifests make such a resource for any proxy.</param>
    public IEnumerable<Diagnostic> DanglingWithout(Func<Reference, bool> isMade) => Outward
        .Where(outward => !isMade(outward.To))
        .Select(outward => Diagnostic.Warning(
            "WEFT4006", outward.From.Where,
            $"The raw {TypeUrl.ShortName(outward.From.TypeUrl)} resource '{outward.From.Name}' needs the "
            + $"{Dangling.Named(outward.To)}, which is given nowhere: it is sent as it is, and what would go there fails.",
            "add the missing resource, or correct its name; leave it where the proxy's bootstrap has it"));

    private static XdsResource SentAs(RawResource raw) =>
        XdsResource.Create(raw.TypeUrl, raw.Name, raw.Body).WithTimeToLive(raw.TimeToLive);

    private static IEnumerable<(RawResource, Reference)> OutwardOf(RawResource from, ResourceSet set) => from.Message is null
        ? []
        : EnvoyReferences.Of(from.Message).Where(to => !SharedNames.Has(set, to)).Select(to => (from, to));
}

using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;
using Weft.Telemetry;
using Weft.Translation;
using Weft.Translation.Raw;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>
/// What every group of nodes is to have. Pure: a mesh, raw resources and the publication before in, the next out. What
/// has not changed is shared with the publication before.
/// </summary>
internal sealed class Publication
{
    private readonly MessageWriter _writer = new();
    private readonly MeshTranslation? _translation;
    private readonly RawLayer _raw = RawLayer.Nothing;
    private readonly SharedLayer _shared = SharedLayer.Nothing;
    private readonly SharedNames _names = SharedNames.None;
    private readonly MeshObjects _written = MeshObjects.Empty;
    private readonly ImmutableDictionary<string, PublishedGroup> _groups = ImmutableDictionary<string, PublishedGroup>.Empty;

    private Publication(ResourceGroups groups) => Groups = groups;

    private Publication(Publication before, MeshSnapshot mesh, ImmutableArray<RawResource> raw, MeshObjects written)
    {
        (_writer, Late, _written) = (before._writer, before.Late, written);
        using (PublishTrace.Step("weft.translate"))
        {
            _translation = new(mesh, before._translation);
        }

        using var step = PublishTrace.Step("weft.check");
        _raw = RawLayer.Of(raw, before._raw);
        _shared = before._shared.Next(_translation, _writer, before.LastShared);
        _names = before._names.Next(_shared.Set, _raw.Set);
        var shared = _raw.Sources.IsEmpty ? _shared.Set : _raw.Set.With([], _shared.Set.Types.SelectMany(t => t.All));
        if (before._raw == _raw && before._names.Version == _names.Version
            && before._translation is { } former && _translation.DiffersInDestinationsOnly(former))
        {
            _groups = before._groups;
            Groups = before.Groups.WithShared(shared);
            return;
        }

        _groups = ProxiesOf(mesh).Select(proxy => (Proxy: proxy, Name: NodeGroup.Of(proxy))).ToImmutableDictionary(
            p => p.Name, p => GroupOf(p.Proxy, p.Name, before), StringComparer.Ordinal);
        Groups = new(
            _groups.ToImmutableDictionary(g => g.Key, g => g.Value.Group, StringComparer.Ordinal), _raw.Set, shared);
    }

    public static Publication None { get; } = After(ResourceGroups.Unpublished);

    public ResourceGroups Groups { get; }

    /// <summary>The last group that was made late, when a node asked, and had something to say.</summary>
    public Latest<GroupPart> Late { get; } = new(GroupPart.Nothing);

    /// <summary>All that is wrong with what is published; of a group that is made only when a node asks, as soon as it is.</summary>
    public ImmutableArray<Diagnostic> Diagnostics =>
    [
        .. _shared.Diagnostics.Concat(_raw.HiddenBy(_shared.Set))
            .Concat(MadeParts.SelectMany(part => part.Diagnostics))
            .Concat(DanglingShared.Concat(MadeParts.SelectMany(part => part.Dangling)).Select(d => d.ToDiagnostic(_written)))
            .Concat(_raw.DanglingWithout(IsMade)).Distinct(),
    ];

    private IEnumerable<GroupPart> MadeParts => _groups.Values.Select(g => g.Made).OfType<GroupPart>();

    private IEnumerable<Dangling> DanglingShared => _shared.Outward
        .Where(outward => !IsMade(outward.To) && !SharedNames.Has(_raw.Set, outward.To))
        .Select(outward => new Dangling(null, new(outward.From.TypeUrl, outward.From.Name), outward.To, null, Remedy.None));

    // Of a publication of which only the result is known: who has the most has all that is shared.
    private ResourceSet? LastShared => _translation is not null
        ? Groups.Shared
        : Groups.Made.Select(g => g.Value).MaxBy(set => set.Of(TypeUrl.Cluster).All.Length);

    /// <summary>The publication that gave these groups, of which nothing else is known.</summary>
    public static Publication After(ResourceGroups groups) => new(groups);

    /// <param name="written">What the mesh was composed of: it knows the places for <see cref="Diagnostics"/>.</param>
    public Publication Next(MeshSnapshot mesh, ImmutableArray<RawResource> raw, MeshObjects? written = null) =>
        new(this, mesh, raw, written ?? MeshObjects.Empty);

    /// <summary>With the groups made that otherwise wait for a node, so that <see cref="Diagnostics"/> says all.</summary>
    public Publication MadeForAll()
    {
        foreach (var name in Groups.ByName.Keys)
        {
            Groups.For(name);
        }

        return this;
    }

    private static IEnumerable<ProxyClass> ProxiesOf(MeshSnapshot mesh) =>
        mesh.Workloads.Keys.Select(ProxyClass (name) => new ProxyClass.Sidecar(name))
            .Concat(mesh.Gateways.Keys.Select(ProxyClass (name) => new ProxyClass.Gateway(name)))
            .Concat(mesh.Workloads.Keys.Concat(mesh.Services.Keys).Select(name => name.Namespace).Distinct(StringComparer.Ordinal)
                .Select(ProxyClass (space) => new ProxyClass.Grpc(space)));

    private bool IsMade(Reference reference) =>
        SharedNames.Has(_shared.Set, reference) || MadeParts.Any(part => SharedNames.Has(part.Own, reference));

    // Applications that route for themselves need a listener for each name of each service: thousands, which are made
    // only where there is such an application.
    private PublishedGroup GroupOf(ProxyClass proxy, string name, Publication before)
    {
        var (writer, translation, late) = (_writer, _translation!, Late);
        var former = before._groups.GetValueOrDefault(name);
        var known = former?.Known;
        var around = new GroupSurroundings(
            proxy, translation.Sends(proxy), _raw, _names,
            known?.Own ?? (before._translation is null ? before.Groups.For(name) : null),
            known is { Sends: true } ? before.LastShared : null);
        GroupPart Part() => GroupPart.Of(translation.OwnOf(proxy), around, writer, known);
        return proxy is not ProxyClass.Grpc ? PublishedGroup.Now(Part(), former) : PublishedGroup.WhenAsked(known, () =>
        {
            var part = Part();
            if (!part.Diagnostics.IsEmpty || !part.Dangling.IsEmpty)
            {
                late.Set(part);
            }

            return part;
        });
    }
}

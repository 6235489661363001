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
    private readonly RawLayer? _raw;
    private readonly SharedLayer _shared = SharedLayer.Nothing;
    private readonly ImmutableDictionary<string, PublishedGroup> _groups = ImmutableDictionary<string, PublishedGroup>.Empty;

    private Publication(ResourceGroups groups) => Groups = groups;

    private Publication(Publication before, MeshSnapshot mesh, ImmutableArray<RawResource> raw)
    {
        (_writer, Late) = (before._writer, before.Late);
        using (PublishTrace.Step("weft.translate"))
        {
            _translation = new(mesh, before._translation);
        }

        using var step = PublishTrace.Step("weft.check");
        _raw = RawLayer.Of(raw, before._raw);
        _shared = before._shared.Next(_translation, _writer, before.LastShared);
        var shared = _raw.Sources.IsEmpty ? _shared.Set : _raw.Set.With([], _shared.Set.Types.SelectMany(t => t.All));
        if (before._raw == _raw && before._translation is { } former && _translation.DiffersInDestinationsOnly(former))
        {
            _groups = before._groups;
            Groups = before.Groups.WithShared(shared);
            return;
        }

        _groups = ProxiesOf(mesh).Select(proxy => (Proxy: proxy, Name: NodeGroup.Of(proxy))).ToImmutableDictionary(
            p => p.Name, p => GroupOf(p.Proxy, p.Name, before, _translation, _raw), StringComparer.Ordinal);
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
        .. _shared.Diagnostics.Concat(_raw?.HiddenBy(_shared.Set) ?? [])
            .Concat(_groups.Values.SelectMany(g => g.Diagnostics)).Distinct(),
    ];

    // Of a publication of which only the result is known: who has the most has all that is shared.
    private ResourceSet? LastShared => _translation is not null
        ? Groups.Shared
        : Groups.Made.Select(g => g.Value).MaxBy(set => set.Of(TypeUrl.Cluster).All.Length);

    /// <summary>The publication that gave these groups, of which nothing else is known.</summary>
    public static Publication After(ResourceGroups groups) => new(groups);

    public Publication Next(MeshSnapshot mesh, ImmutableArray<RawResource> raw) => new(this, mesh, raw);

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

    // Applications that route for themselves need a listener for each name of each service: thousands, which are made
    // only where there is such an application.
    private PublishedGroup GroupOf(ProxyClass proxy, string name, Publication before, MeshTranslation translation, RawLayer raw)
    {
        var writer = _writer;
        var (former, late) = (before._groups.GetValueOrDefault(name), Late);
        var (known, last) = (former?.Known, former?.Known?.Own ?? (before._translation is null ? before.Groups.For(name) : null));
        GroupPart Part() => GroupPart.Of(translation.OwnOf(proxy), translation.Sends(proxy), raw, writer, known, last);
        return proxy is not ProxyClass.Grpc ? PublishedGroup.Now(Part(), former) : PublishedGroup.WhenAsked(known, () =>
        {
            var part = Part();
            if (!part.Diagnostics.IsEmpty)
            {
                late.Set(part);
            }

            return part;
        });
    }
}

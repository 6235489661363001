using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Weft.ControlPlane;
using Weft.Model;
using Weft.Preview;
using Weft.Xds;

namespace Weft.Admin;

/// <summary>A resource with its content, as Envoy writes it.</summary>
internal sealed record ResourceBody(string Type, string Name, string Version, int Bytes, JsonNode Resource)
{
    public static ResourceBody Of(XdsResource resource) => new(
        TypeUrl.ShortName(resource.TypeUrl), resource.Name, resource.Version, resource.Body.Length,
        EnvoyJson.Of(resource.TypeUrl, resource.Body));

    /// <summary>The resource that was written so.</summary>
    /// <exception cref="JsonException">It has no type.</exception>
    public XdsResource ToResource() => XdsResource.Create(
        TypeUrlOf(Resource), Name, EnvoyJson.Body(Resource));

    /// <summary>Its message; null where its type is not known here, or it is none.</summary>
    /// <exception cref="JsonException">It has no type.</exception>
    public IMessage? Message() => EnvoyMessages.Of(TypeUrlOf(Resource), EnvoyJson.Body(Resource));

    private static string TypeUrlOf(JsonNode resource) =>
        resource["@type"]?.GetValue<string>() ?? throw new JsonException("A resource has no @type.");
}

/// <summary>What is served to one node, as <c>/debug/config?node=…</c> answers.</summary>
/// <param name="State">How far the node is; null where it is not connected.</param>
/// <param name="Types">By short name, how far it is with each type.</param>
/// <param name="Held">
/// Of the types that it is not in step with, the resources that it has accepted; a type is left out where they are not
/// known any more.
/// </param>
internal sealed record NodeConfigView(
    string Node, string Group, string? State,
    ImmutableSortedDictionary<string, TypeView> Types,
    ImmutableArray<ResourceBody> Resources,
    ImmutableSortedDictionary<string, ImmutableArray<ResourceBody>> Held)
{
    /// <summary>Null where no such node is connected and no manifest names it.</summary>
    public static NodeConfigView? Of(XdsServer server, ServedPast past, string node)
    {
        var client = server.Clients.FirstOrDefault(c => c.Node.Id == node);
        var proxy = client is null ? null : ProxyView.Of(client, MeshSnapshot.Empty);
        var groups = server.Groups.Value;
        var group = proxy?.Group ?? $"{NodeGroup.SidecarClass}/{NodeGroup.NameOf(node).NodeId}";
        return proxy is null && !groups.ByName.ContainsKey(group) ? null : new(
            node, group, proxy?.State,
            proxy?.Types ?? ImmutableSortedDictionary<string, TypeView>.Empty,
            [.. Ordered(groups.For(group)).Select(ResourceBody.Of)],
            HeldBy(client, group, groups.For(group) ?? ResourceSet.Empty, past));
    }

    // The version of a client counts what it rejected, too: what it has then is what was served before.
    private static ImmutableSortedDictionary<string, ImmutableArray<ResourceBody>> HeldBy(
        ClientStatus? client, string group, ResourceSet served, ServedPast past) =>
        (client?.Types ?? [])
            .Where(type => type.State is SyncState.Pending or SyncState.Rejected)
            .Select(type => (type.TypeUrl, Map: type.State == SyncState.Rejected
                ? past.Before(group, type.TypeUrl, served.Of(type.TypeUrl))
                : type.Resources == 0 ? ResourceSet.Empty.Of(type.TypeUrl) : past.At(group, type.TypeUrl, type.Version)))
            .Where(type => type.Map is not null)
            .ToImmutableSortedDictionary(
                type => TypeUrl.ShortName(type.TypeUrl),
                type => type.Map!.All.Select(ResourceBody.Of).ToImmutableArray(), StringComparer.Ordinal);

    internal static IEnumerable<XdsResource> Ordered(ResourceSet? set) =>
        (set ?? ResourceSet.Empty).Types.OrderBy(t => TypeUrl.ShortName(t.TypeUrl), StringComparer.Ordinal).SelectMany(t => t.All);
}

/// <summary>All that is served, each resource once, as <c>/debug/config</c> answers.</summary>
/// <param name="Groups">
/// What each group of nodes gets, as places among the resources, from 0; <c>""</c> is for nodes without a group of their
/// own.
/// </param>
internal sealed record ServedView(
    ImmutableSortedDictionary<string, ImmutableArray<int>> Groups, ImmutableArray<ResourceBody> Resources)
{
    public static ServedView Of(ResourceGroups groups)
    {
        var sets = groups.Made.Append(new(NodeGroup.Unknown, groups.Default ?? ResourceSet.Empty)).ToList();
        var places = new OrderedDictionary<string, XdsResource>(StringComparer.Ordinal);
        var named = sets.ToImmutableSortedDictionary(
            g => g.Key, g => NodeConfigView.Ordered(g.Value).Select(r => PlaceOf(r, places)).ToImmutableArray(), StringComparer.Ordinal);
        return new(named, [.. places.Values.Select(ResourceBody.Of)]);
    }

    private static int PlaceOf(XdsResource resource, OrderedDictionary<string, XdsResource> places)
    {
        places.TryAdd(resource.Version, resource, out var place);
        return place;
    }
}

/// <summary>How what is served is written: camel case, nothing for null, and names of clusters as they are.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(NodeConfigView))]
[JsonSerializable(typeof(ServedView))]
[JsonSerializable(typeof(ServedBytes))]
[JsonSerializable(typeof(ImmutableArray<ManifestText>))]
internal sealed partial class ConfigJson : JsonSerializerContext
{
    /// <summary>As <see cref="Plain"/>, on one line: what is served may be much.</summary>
    public static ConfigJson Dense => field ??= new(new JsonSerializerOptions(Plain.Options) { WriteIndented = false });

    /// <summary>Without escapes for what is harmless outside of HTML.</summary>
    public static ConfigJson Plain => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        MaxDepth = 512,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

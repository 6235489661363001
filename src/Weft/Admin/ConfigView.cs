using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Weft.ControlPlane;
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
        Resource["@type"]?.GetValue<string>() ?? throw new JsonException("A resource has no @type."),
        Name, EnvoyJson.Body(Resource));
}

/// <summary>What is served to one node, as <c>/debug/config?node=…</c> answers.</summary>
/// <param name="State">How far the node is; null where it is not connected.</param>
/// <param name="Types">By short name, how far it is with each type.</param>
internal sealed record NodeConfigView(
    string Node, string Group, string? State,
    ImmutableSortedDictionary<string, TypeView> Types, ImmutableArray<ResourceBody> Resources)
{
    /// <summary>Null where no such node is connected and no manifest names it.</summary>
    public static NodeConfigView? Of(XdsServer server, string node)
    {
        var proxy = server.Clients.Where(c => c.Node.Id == node).Select(ProxyView.Of).FirstOrDefault();
        var groups = server.Groups.Value;
        var group = proxy?.Group ?? $"{NodeGroup.SidecarClass}/{NodeGroup.NameOf(node).NodeId}";
        return proxy is null && !groups.ByName.ContainsKey(group) ? null : new(
            node, group, proxy?.State,
            proxy?.Types ?? ImmutableSortedDictionary<string, TypeView>.Empty,
            [.. Ordered(groups.For(group)).Select(ResourceBody.Of)]);
    }

    internal static IEnumerable<XdsResource> Ordered(ResourceSet? set) =>
        (set ?? ResourceSet.Empty).Types.OrderBy(t => TypeUrl.ShortName(t.TypeUrl), StringComparer.Ordinal).SelectMany(t => t.All);
}

/// <summary>All that is served, each resource once, as <c>/debug/config</c> answers.</summary>
/// <param name="Groups">The versions that each group of nodes gets; <c>""</c> is for nodes without one of their own.</param>
internal sealed record ServedView(
    ImmutableSortedDictionary<string, ImmutableArray<string>> Groups, ImmutableArray<ResourceBody> Resources)
{
    public static ServedView Of(ResourceGroups groups)
    {
        var sets = groups.ByName.Append(new(NodeGroup.Unknown, groups.Default ?? ResourceSet.Empty)).ToList();
        return new(
            sets.ToImmutableSortedDictionary(
                g => g.Key, g => NodeConfigView.Ordered(g.Value).Select(r => r.Version).ToImmutableArray(), StringComparer.Ordinal),
            [.. sets.SelectMany(g => g.Value.Types).SelectMany(t => t.All).DistinctBy(r => r.Version)
                .OrderBy(r => r.Version, StringComparer.Ordinal).Select(ResourceBody.Of)]);
    }

    /// <summary>The groups that were written so.</summary>
    public ResourceGroups ToGroups()
    {
        var resources = Resources.ToDictionary(r => r.Version, r => r.ToResource(), StringComparer.Ordinal);
        var sets = Groups.ToImmutableDictionary(
            g => g.Key, g => ResourceSet.Create(g.Value.Select(v => resources[v])), StringComparer.Ordinal);
        return new(sets.Remove(NodeGroup.Unknown), sets.GetValueOrDefault(NodeGroup.Unknown));
    }
}

/// <summary>How what is served is written: camel case, nothing for null, and names of clusters as they are.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(NodeConfigView))]
[JsonSerializable(typeof(ServedView))]
[JsonSerializable(typeof(ImmutableArray<ManifestText>))]
internal sealed partial class ConfigJson : JsonSerializerContext
{
    /// <summary>Without escapes for what is harmless outside of HTML.</summary>
    public static ConfigJson Plain => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

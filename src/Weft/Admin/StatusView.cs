using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Model;
using Weft.Translation;
using Weft.Xds;

namespace Weft.Admin;

/// <summary>What <c>weft status --json</c> prints and <c>/debug/status</c> answers.</summary>
internal sealed record StatusView(
    ImmutableArray<ProxyView> Proxies, ImmutableArray<DiagnosticView> Diagnostics, string MeshVersion, bool Ready)
{
    public static StatusView Of(XdsServer server, ControlPlaneReport report) => new(
        [.. server.Clients.Select(client => ProxyView.Of(client, report.Mesh))],
        [.. report.Diagnostics.Select(DiagnosticView.Of)],
        report.Mesh.Version.ToString(),
        report.Ready);
}

/// <summary>One proxy, by its node id.</summary>
/// <param name="Plugins">The plugins that it is to run, in the order in which requests pass them.</param>
/// <param name="Limits">What the manifests ask for that this kind of proxy cannot do.</param>
internal sealed record ProxyView(
    string Node,
    string State,
    string Class,
    string Group,
    string? Stats,
    string Client,
    string Protocol,
    string Peer,
    DateTimeOffset ConnectedAt,
    DateTimeOffset? DisconnectedAt,
    ImmutableSortedDictionary<string, TypeView> Types,
    ImmutableArray<PluginView> Plugins,
    ImmutableArray<DiagnosticView> Limits)
{
    private static readonly ImmutableArray<string> Listed = [TypeUrl.Cluster, TypeUrl.Endpoints, TypeUrl.Listener, TypeUrl.Route];

    public static ProxyView Of(ClientStatus client, MeshSnapshot mesh)
    {
        var types = client.Types.Select(t => KeyValuePair.Create(TypeUrl.ShortName(t.TypeUrl), TypeView.Of(t)))
            .Concat(Listed.Where(url => client.Types.All(t => t.TypeUrl != url))
                .Select(url => KeyValuePair.Create(TypeUrl.ShortName(url), TypeView.Unrequested)));
        return new(
            client.Node.Id,
            client.DisconnectedAt is null ? Name(client.State) : "disconnected",
            NodeGroup.Field(client.Node, NodeGroup.ClassKey) ?? "unknown",
            NodeGroup.Of(client.Node),
            NodeGroup.Field(client.Node, NodeGroup.StatsKey),
            client.Node.UserAgentName,
            client.IsDelta ? "delta" : "sotw",
            client.Peer,
            client.ConnectedAt,
            client.DisconnectedAt,
            types.ToImmutableSortedDictionary(StringComparer.Ordinal),
            PluginView.Of(client, mesh),
            [.. LimitsOf(client, mesh).Select(DiagnosticView.Of)]);
    }

    // An embedded proxy refuses what it cannot do by itself; Envoy can do all of it.
    private static ImmutableArray<Diagnostic> LimitsOf(ClientStatus client, MeshSnapshot mesh) =>
        NodeGroup.Field(client.Node, NodeGroup.ClassKey) == NodeGroup.GrpcClass
            ? GrpcLimits.Of(mesh, NodeGroup.NameOf(client.Node.Id).Namespace)
            : [];

    internal static string Name(SyncState state) => state switch
    {
        SyncState.Synced => "synced",
        SyncState.Rejected => "rejected",
        SyncState.Unrequested => "unrequested",
        _ => "pending",
    };
}

/// <summary>One type of a proxy. <c>version</c> is the hash of the set it was sent.</summary>
internal sealed record TypeView(string State, string Version, int Resources, string? Error)
{
    public static TypeView Unrequested { get; } = new(ProxyView.Name(SyncState.Unrequested), "", 0, null);

    public static TypeView Of(TypeStatus type) => new(ProxyView.Name(type.State), type.Version, type.Resources, type.Error);
}

/// <summary>A plugin in one proxy.</summary>
/// <param name="State">That of all that the proxy has by ECDS, but <c>rejected</c> only where it is this plugin.</param>
/// <param name="Error">The proxy's own words where it rejected the last version; the one before it stays in force.</param>
internal sealed record PluginView(string Name, string State, string? Error)
{
    public static ImmutableArray<PluginView> Of(ClientStatus client, MeshSnapshot mesh)
    {
        var name = NodeGroup.NameOf(client.Node.Id);
        var uses = NodeGroup.Field(client.Node, NodeGroup.ClassKey) switch
        {
            NodeGroup.SidecarClass => mesh.Workloads.GetValueOrDefault(name)?.Plugins,
            NodeGroup.GatewayClass => mesh.Gateways.GetValueOrDefault(name)?.Plugins,
            _ => null,
        };
        var type = client.Types.FirstOrDefault(t => t.TypeUrl == TypeUrl.ExtensionConfig);
        return [.. (uses ?? []).Select(use => Of(use.Plugin, type))];
    }

    // What proxies say against a plugin has its name in it, for it is that of the resource and of what is in it.
    private static PluginView Of(Plugin plugin, TypeStatus? type)
    {
        var isRejected = type?.Error?.Contains($"{plugin.Name.Namespace}.{plugin.Name.Name}", StringComparison.Ordinal) is true;
        var state = type?.State is SyncState.Rejected && !isRejected ? SyncState.Synced : type?.State ?? SyncState.Unrequested;
        return new(plugin.Name.ToString(), ProxyView.Name(state), isRejected ? type!.Error : null);
    }
}

/// <summary>A diagnostic as JSON.</summary>
internal sealed record DiagnosticView(
    string Code, string Severity, string? File, int? Line, int? Column, string Message, string? Fix)
{
    public static DiagnosticView Of(Diagnostic d) => new(
        d.Code,
        SeverityName(d.Severity),
        d.Where?.File,
        d.Where is { Line: > 0 } line ? line.Line : null,
        d.Where is { Line: > 0 } column ? column.Column : null,
        d.Message,
        d.Fix);

    public Diagnostic ToDiagnostic() => new(
        Code,
        Severity switch { "error" => Flow.Severity.Error, "warning" => Flow.Severity.Warning, _ => Flow.Severity.Info },
        File is null ? null : new SourcePosition(File, Line ?? 0, Column ?? 0),
        Message,
        Fix);

    private static string SeverityName(Severity severity) => severity switch
    {
        Flow.Severity.Error => "error",
        Flow.Severity.Warning => "warning",
        _ => "info",
    };
}

/// <summary>What <c>weft validate --json</c> prints.</summary>
internal sealed record ValidationView(ImmutableArray<DiagnosticView> Diagnostics, ImmutableArray<ObjectView> Objects);

/// <summary>What became of an object, in the words of Kubernetes.</summary>
internal sealed record ObjectView(string Kind, string Namespace, string Name, string? Part, ImmutableArray<ConditionView> Conditions)
{
    public static ObjectView Of(ObjectStatus status) => new(
        status.Kind, status.Name.Namespace, status.Name.Name, status.Part.Length == 0 ? null : status.Part,
        [.. status.Conditions.Select(c => new ConditionView(
            c.Type, c.Holds ? "True" : "False", c.Reason, c.Message.Length == 0 ? null : c.Message))]);
}

/// <summary>A condition of an object.</summary>
internal sealed record ConditionView(string Type, string Status, string Reason, string? Message);

/// <summary>How the views are written: camel case, nothing for null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(ValidationView))]
[JsonSerializable(typeof(ImmutableArray<DiagnosticView>))]
[JsonSerializable(typeof(ImmutableArray<ResourceView>))]
internal sealed partial class ViewJson : JsonSerializerContext;

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Admin;

/// <summary>What <c>weft status --json</c> prints and <c>/debug/status</c> answers.</summary>
internal sealed record StatusView(
    ImmutableArray<ProxyView> Proxies, ImmutableArray<DiagnosticView> Diagnostics, string MeshVersion, bool Ready)
{
    public static StatusView Of(XdsServer server, ControlPlaneReport report) => new(
        [.. server.Clients.Select(ProxyView.Of)],
        [.. report.Diagnostics.Select(DiagnosticView.Of)],
        report.MeshVersion,
        report.Ready);
}

/// <summary>One proxy, by its node id.</summary>
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
    ImmutableSortedDictionary<string, TypeView> Types)
{
    private static readonly ImmutableArray<string> Listed = [TypeUrl.Cluster, TypeUrl.Endpoints, TypeUrl.Listener, TypeUrl.Route];

    public static ProxyView Of(ClientStatus client)
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
            types.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

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

/// <summary>How the views are written: camel case, nothing for null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(ImmutableArray<DiagnosticView>))]
[JsonSerializable(typeof(ImmutableArray<ResourceView>))]
internal sealed partial class ViewJson : JsonSerializerContext;

using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;

namespace Weft.Tests.Model;

/// <summary>
/// Short ways to write down objects of a mesh; all live in the namespace <c>shop</c> and stand in <c>m.yaml</c>.
/// </summary>
internal static class Mesh
{
    public static readonly SourcePosition Where = new("m.yaml", 1, 1);

    public static ObjectName Name(string name) => new("shop", name);

    public static ImmutableSortedDictionary<string, string> Labels(params (string Key, string Value)[] labels) =>
        labels.ToImmutableSortedDictionary(l => l.Key, l => l.Value, StringComparer.Ordinal);

    public static ServiceConfig Service(string name, params int[] ports) =>
        new(
            Name(name), [.. ports.Select(p => new ServicePortConfig($"p{p}", p, p + 8000, AppProtocol.Http))],
            Labels(), Where);

    public static WorkloadConfig Workload(string name, string? service, string address = "10.0.0.1", int? app = 8080) =>
        new(Name(name), service is null ? null : Name(service), Labels(), address, app, null, null, [], null, Where);

    public static EndpointSliceConfig Slice(
        string name, string service, string port, int number, params string[] addresses) =>
        new(Name(name), Name(service), [new(port, number)], [new([.. addresses], true, "")], Where);

    public static RouteConfig Route(string name, string parent, params RouteRuleConfig[] rules) => new(
        RouteKind.Http, Name(name), null, [new(false, Name(parent), null, null, Where)], [], [.. rules], Where);

    public static RouteRuleConfig Rule(string backend, params RouteMatch[] matches) => new(
        null, matches.Length == 0 ? [RouteMatch.Any] : [.. matches], RouteFilters.None<BackendRefConfig>(), [To(backend)], null, null, null);

    public static BackendRefConfig To(string service, int? port = null, int weight = 1) =>
        new("Service", Name(service), port, weight, HeaderModifier.None, HeaderModifier.None, Where);

    public static TrafficPolicyConfig Policy(string name, PolicyTargetKind kind, string target, TrafficPolicy policy, string? section = null) =>
        new(Name(name), null, [new(kind, Name(target), section, Where)], policy, Where);

    public static RouteMatch Match(PathMatchKind kind, string path, params string[] headers) =>
        new(new(kind, path), [.. headers.Select(h => new ValueMatch(h, "1"))], []);

    public static MeshObjects Of(params object[] objects) => new(
        [.. objects.OfType<ServiceConfig>()],
        [.. objects.OfType<EndpointSliceConfig>()],
        [.. objects.OfType<RouteConfig>()],
        [.. objects.OfType<WorkloadConfig>()],
        [.. objects.OfType<GatewayConfig>()],
        [.. objects.OfType<ReferenceGrantConfig>()],
        [.. objects.OfType<SecretConfig>()],
        [.. objects.OfType<TrafficPolicyConfig>()],
        [.. objects.OfType<NamespaceConfig>()],
        [.. objects.OfType<MeshConfig>()]);

    /// <summary>The mesh of objects that fit together.</summary>
    public static MeshSnapshot Composed(params object[] objects)
    {
        var (snapshot, diagnostics, _) = MeshComposer.Compose(Of(objects));
        Assert.Empty(diagnostics);
        return snapshot;
    }

    public static ServicePort Port(this MeshSnapshot mesh, string service, int port) =>
        mesh.Services[Name(service)].PortOf(port)!;
}

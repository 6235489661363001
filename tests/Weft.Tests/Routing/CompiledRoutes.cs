using System.Collections.Immutable;
using System.Text;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Weft.Flow;
using Weft.Manifests;
using Weft.Model;
using Weft.Preview;
using Weft.Proxy.Config;
using Weft.Proxy.Routing;
using Weft.Testing;
using Weft.Translation;
using RouteAction = Weft.Proxy.Routing.RouteAction;

namespace Weft.Tests.Routing;

/// <summary>The routes of a proxy, asked in two ways.</summary>
internal sealed class CompiledRoutes
{
    private const string Around = """
        apiVersion: weft.dev/v1alpha1
        kind: Workload
        metadata: {name: client, namespace: shop}
        spec: {address: 127.0.0.1, outboundPort: 9000}
        ---

        """;

    private readonly RouteConfiguration _message;
    private readonly RouteTable _table;
    private readonly PathNormalization _paths;

    /// <param name="all">What the proxy gets.</param>
    /// <param name="name">The route configuration that requests meet.</param>
    public CompiledRoutes(ImmutableArray<IMessage> all, string name)
    {
        _message = all.OfType<RouteConfiguration>().Single(r => r.Name == name);
        _paths = PathNormalization.Of(all.OfType<Listener>().SelectMany(HttpManagers.Of).Single(m => m.Rds?.RouteConfigName == name));
        var refusals = new Refusals();
        _table = RouteDecoding.Decode(_message, refusals);
        Assert.True(refusals.IsEmpty, refusals.ToString());
    }

    /// <summary>The routes of one routing case, among the services that all of them have.</summary>
    public static CompiledRoutes Of(string manifests)
    {
        var services = string.Concat(((string[])["a", "b", "c", "idle"]).Select(name =>
            $"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: shop}}\nspec: {{ports: [{{name: http, port: 80}}]}}\n---\n"));
        return OfSidecar(Composed(Around + services + manifests).Snapshot, new("shop", "client"));
    }

    public static CompiledRoutes OfSidecar(MeshSnapshot mesh, ObjectName workload) =>
        new(new MeshTranslation(mesh).For(new ProxyClass.Sidecar(workload)), "outbound");

    /// <summary>The mesh of manifests without an error.</summary>
    public static MeshComposition Composed(string manifests)
    {
        var state = ManifestState.Empty.Step(FolderSnapshot.Of(
            [FolderFile.Of("case.yaml", [.. Encoding.UTF8.GetBytes(manifests)])], [])).Snapshot;
        Assert.DoesNotContain(state.Diagnostics, d => d.Severity == Severity.Error);
        return MeshComposer.Compose(state.Objects);
    }

    /// <summary>The name of the route that takes a request, by the explanation; null where none does.</summary>
    public string? Explained(string host, RoutingExchange request) => RouteExplanation.Of(
        _message, new(host, request.Method, TargetOf(request), [.. request.Headers.Select(h => KeyValuePair.Create(h.Name, h.Value))]))
        .Winner()?.Name;

    /// <summary>The same by the embedded proxy's table.</summary>
    public string? Found(string host, RoutingExchange request) => Entry(host, request)?.Name;

    /// <summary>The backend or the status that the embedded proxy's table chooses.</summary>
    public string Outcome(string host, RoutingExchange request) => Entry(host, request)?.Action switch
    {
        null => "404",
        RouteAction.Direct direct => $"{direct.Status}",
        RouteAction.Redirect redirect => $"{redirect.Status}",
        RouteAction.Forward forward when ClusterName.TryParseOutbound(forward.Pick(0.5).Cluster, out var service, out _) => service.Name,
        var other => throw new InvalidOperationException($"The case meets {other}."),
    };

    private string TargetOf(RoutingExchange request) => _paths.Apply(request.Target).Target;

    private RouteEntry? Entry(string host, RoutingExchange request)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers)
        {
            headers[name] = value;
        }

        return _table.Find(RequestFacts.Of(request.Method, host, TargetOf(request), headers), dice: 0.5);
    }
}

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Trace.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Weft.Flow;
using Weft.Manifests;
using Weft.Model;
using Weft.Testing;
using Weft.Translation;
using Weft.Translation.Validation;

namespace Weft.Tests.Translation.Mesh;

/// <summary>What proxies get of a mesh, whole, in golden files.</summary>
public sealed class MeshTranslationTests
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default
        .WithPreserveProtoFieldNames(true).WithTypeRegistry(TypeRegistry.FromFiles(EnvoyApi.EnvoyApi.Files)));

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly ProxyClass Reviews = new ProxyClass.Sidecar(new("shop", "reviews-v1"));

    [Fact]
    public void A_sidecar_gets_its_listeners_routes_clusters_and_endpoints() =>
        Golden.Matches(Text(new MeshTranslation(Shop()).For(Reviews)), "golden/sidecar.json");

    [Fact]
    public void A_proxyless_client_gets_a_listener_for_each_name_of_a_service() =>
        Golden.Matches(Text(new MeshTranslation(Shop()).For(new ProxyClass.Grpc("shop"))), "golden/grpc.json");

    [Fact]
    public void The_same_mesh_gives_the_same_bytes()
    {
        var first = new MeshTranslation(Shop()).For(Reviews).Select(m => m.ToByteString());
        Assert.Equal(first, new MeshTranslation(Shop()).For(Reviews).Select(m => m.ToByteString()));
    }

    [Fact]
    public void All_of_it_keeps_Envoys_own_rules()
    {
        var translation = new MeshTranslation(Shop());
        var messages = translation.For(Reviews).AddRange(translation.For(new ProxyClass.Grpc("shop")));
        Assert.Empty(messages.SelectMany(m => EnvoyRules.Check(m)));
    }

    [Fact]
    public void A_service_without_endpoints_has_an_empty_assignment()
    {
        var assignments = new MeshTranslation(Shop()).For(Reviews).OfType<ClusterLoadAssignment>();
        var nobody = Assert.Single(assignments, a => a.ClusterName == "outbound|80||nobody.shop.svc.cluster.local");
        Assert.Empty(nobody.Endpoints);
    }

    [Fact]
    public void Proxies_of_a_namespace_share_their_messages()
    {
        var translation = new MeshTranslation(Shop());
        var ratings = translation.For(new ProxyClass.Sidecar(new("shop", "client")));
        Assert.NotEmpty(translation.For(Reviews).Intersect<object>(ratings, ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public void A_workload_that_the_mesh_does_not_know_gets_nothing() =>
        Assert.Empty(new MeshTranslation(Shop()).For(new ProxyClass.Sidecar(new("shop", "stranger"))));

    [Fact]
    public void Spans_are_of_the_workload_or_gateway_whose_proxy_tells_them()
    {
        var workload = new Workload(
            new("shop", "client"), [], ImmutableSortedDictionary<string, string>.Empty, "127.0.0.1", 8080, 9001, 9000, [], AppProtocol.Http, null);
        var route = new GatewayListener("http", "*", [], []);
        var gateway = new Gateway(new("edge", "web"), "127.0.0.1", [new(80, ListenerProtocol.Http, [route])]);
        var translation = new MeshTranslation(Shop() with
        {
            Workloads = SortedTable.Of([KeyValuePair.Create(workload.Name, workload)]),
            Gateways = SortedTable.Of([KeyValuePair.Create(gateway.Name, gateway)]),
            Settings = MeshSettings.Default with { Tracing = new("127.0.0.1", 4317, 100) },
        });
        Assert.Equal(["inbound client.shop", "outbound client.shop"], Services(new ProxyClass.Sidecar(workload.Name)));
        Assert.Equal(["gateway-80 web.edge"], Services(new ProxyClass.Gateway(gateway.Name)));

        IEnumerable<string> Services(ProxyClass proxy) =>
            from listener in translation.For(proxy).OfType<Listener>()
            let manager = listener.FilterChains[0].Filters[0].TypedConfig.Unpack<HttpConnectionManager>()
            select $"{listener.Name} {manager.Tracing.Provider.TypedConfig.Unpack<OpenTelemetryConfig>().ServiceName}";
    }

    private static MeshSnapshot Shop()
    {
        var file = ManifestDecoder.Decode("shop.yaml", Encoding.UTF8.GetBytes(File.ReadAllText(Golden.PathOf("golden/shop.yaml"))));
        Assert.Empty(file.Documents.SelectMany(d => d.Diagnostics));
        var configs = file.Documents.Select(d => d.Config).ToList();
        var (mesh, diagnostics, _) = MeshComposer.Compose(new(
            [.. configs.OfType<ServiceConfig>()],
            [.. configs.OfType<EndpointSliceConfig>()],
            [.. configs.OfType<RouteConfig>()],
            [.. configs.OfType<WorkloadConfig>()],
            [.. configs.OfType<GatewayConfig>()],
            [.. configs.OfType<ReferenceGrantConfig>()],
            [.. configs.OfType<SecretConfig>()],
            [.. configs.OfType<TrafficPolicyConfig>()],
            [.. configs.OfType<NamespaceConfig>()],
            [.. configs.OfType<MeshConfig>()]));
        // The one finding is meant: a backend that does not exist.
        Assert.Equal("WEFT2003", Assert.Single(diagnostics).Code);
        return mesh;
    }

    private static string Text(ImmutableArray<IMessage> messages) => string.Concat(messages.Select(m =>
        $"// {m.Descriptor.FullName}\n{JsonNode.Parse(Formatter.Format(m))!.ToJsonString(Indented)}\n"));
}

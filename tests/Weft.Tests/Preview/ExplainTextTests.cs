using Envoy.Config.Cluster.V3;
using Envoy.Config.Listener.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Weft.Preview;
using Weft.Testing;

namespace Weft.Tests.Preview;

/// <summary>Explanations as they are printed.</summary>
public sealed class ExplainTextTests
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default
        .WithTypeRegistry(TypeRegistry.FromFiles(EnvoyApi.EnvoyApi.Files)));

    [Fact]
    public void A_request_of_a_sidecar_is_explained()
    {
        var explained = Explained(PreviewScene.Base, RouteRequest.Get("catalog", "/new/books"));
        Golden.Matches(ExplainText.Of(explained), "golden/explain/sidecar.txt");
        Golden.Matches(ExplainJson.Of(explained) + "\n", "golden/explain/sidecar.json");
    }

    [Fact]
    public void A_share_that_goes_to_nobody_is_told()
    {
        var missing = PreviewScene.Changed("name: catalog-v1, port: 80, weight: 90", "name: nobody, port: 80, weight: 90");
        Golden.Matches(
            ExplainText.Of(Explained(missing, RouteRequest.Get("catalog:80", "/"))), "golden/explain/missing-backend.txt");
    }

    [Fact]
    public void A_host_that_nobody_has_is_404()
    {
        Golden.Matches(
            ExplainText.Of(Explained(PreviewScene.Base, RouteRequest.Get("nobody", "/"))), "golden/explain/no-host.txt");
    }

    [Theory]
    [InlineData("/old")]
    [InlineData("/all")]
    [InlineData("/teapot")]
    [InlineData("/none")]
    public void A_table_that_somebody_wrote_by_hand_is_explained(string path)
    {
        var node = new NodeConfig([
            Parser.Parse<Listener>(File.ReadAllText(Golden.PathOf("golden/explain/listener.json"))),
            new Cluster { Name = "backend", Type = Cluster.Types.DiscoveryType.Static, LoadAssignment = new() { ClusterName = "backend" } },
        ]);
        var explained = ExplainedNode.Of("edge", node, RouteRequest.Get("a.example.com", path, ("x-id", "7")));
        Golden.Matches(ExplainText.Of(explained!), $"golden/explain/raw{path.Replace('/', '-')}.txt");
    }

    [Fact]
    public void A_node_without_a_listener_for_its_own_requests_is_not_explained()
    {
        Assert.Null(ExplainedNode.Of("v1.shop", Node(PreviewScene.Base, "v1"), RouteRequest.Get("catalog", "/")));
    }

    private static ExplainedNode Explained(string manifests, RouteRequest request) =>
        ExplainedNode.Of("frontend.shop", Node(manifests, "frontend"), request)!;

    private static NodeConfig Node(string manifests, string workload) =>
        NodeConfig.Of(PreviewScene.InForce(manifests).For($"sidecar/{workload}.shop")!);
}

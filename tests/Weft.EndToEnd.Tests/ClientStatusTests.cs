using System.Net;
using System.Text.Json.Nodes;
using Envoy.Service.Status.V3;
using Grpc.Net.Client;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>What the client status discovery service says of Envoy, and what Envoy reports of its loads.</summary>
public sealed class ClientStatusTests : IAsyncDisposable
{
    private const string Node = "edge.nowhere";

    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private readonly Mesh _mesh = new();

    [Theory]
    [InlineData("delta")]
    [InlineData("sotw")]
    public async Task Envoy_is_synced_with_each_resource_and_what_it_refuses_is_an_error_in_its_words(string protocol)
    {
        var (upstream, port) = (await _mesh.ApplicationAsync("raw"), FreePorts.Next());
        var cluster = Raw.Cluster("raw", upstream.Port);
        _mesh.Control.Resources.Write("edge.yaml", Raw.File(cluster, Raw.Listener("edge", port, "raw")));
        await _mesh.Control.StartAsync();
        await using var proxy = await DataPlane.StartAsync(DataPlaneKind.Envoy, _mesh.Control, Node, protocol);
        var synced = await ResourcesAsync(r => r.Length == 2 && r.All(x => Text(x, "config_status") == "SYNCED"));
        Assert.Equal(["raw", "edge"], synced.Select(r => Text(r, "name")));
        Assert.Equal(["raw", "edge"], synced.Select(r => Text(r["xds_config"], "name")));
        Assert.All(synced, r => Assert.NotEmpty(Text(r, "last_updated") + Text(r, "version_info")));

        // The same port twice: Envoy cannot bind the second.
        _mesh.Control.Resources.Write("more.yaml", Raw.File(Raw.Listener("more", upstream.Port, "raw")));
        var refused = await ResourcesAsync(r => r.Any(x => Text(x, "config_status") == "ERROR"));
        var more = Assert.Single(refused, r => Text(r, "name") == "more");
        Assert.Equal("ERROR", Text(more, "config_status"));
        Assert.Contains("cannot bind", Text(more["error_state"], "details"), StringComparison.Ordinal);
        Assert.Equal(Text(more, "version_info"), Text(more["error_state"], "version_info"));
        Assert.Equal("SYNCED", Text(Assert.Single(refused, r => Text(r, "name") == "raw"), "config_status"));

        using var channel = GrpcChannel.ForAddress($"http://{_mesh.Control.Xds}");
        var fetched = await new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(channel)
            .FetchClientStatusAsync(new() { ExcludeResourceContents = true }, cancellationToken: Test);
        Assert.Contains(Assert.Single(fetched.Config).GenericXdsConfigs, r => r.ConfigStatus == ConfigStatus.Error);
    }

    [Theory]
    [InlineData("{\"node_matchers\": [{\"node_id\": {\"safe_regex\": {\"regex\": \"(\"}}}]}", "'('")]
    [InlineData("{\"matchers\": []}", "matchers")]
    [InlineData("{", "Unexpected end")]
    public async Task A_question_that_is_none_is_told_by_its_fault(string request, string words)
    {
        await _mesh.Control.StartAsync();
        using var answer = await _mesh.Control.ClientStatusAsync(request, Test);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(Test), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_admin_listener_serves_no_resources()
    {
        await _mesh.Control.StartAsync();
        using var http = new HttpClient();
        using var answer = await http.PostAsync(
            new Uri($"http://{_mesh.Control.Admin}/v3/discovery:clusters"), new StringContent("{}"), Test);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Envoy_reports_its_loads_where_its_bootstrap_says_so()
    {
        var (upstream, port) = (await _mesh.ApplicationAsync("raw"), FreePorts.Next());
        _mesh.Control.Resources.Write(
            "edge.yaml", Raw.File(Raw.Cluster("raw", upstream.Port), Raw.Listener("edge", port, "raw")));
        await _mesh.Control.StartAsync();
        await using var proxy = await DataPlane.StartAsync(
            DataPlaneKind.Envoy, _mesh.Control, Node, amend: bootstrap => bootstrap["cluster_manager"] = JsonNode.Parse("""
                {"load_stats_config": {
                  "api_type": "GRPC", "transport_api_version": "V3",
                  "grpc_services": [{"envoy_grpc": {"cluster_name": "weft-xds"}}]}}
                """));
        using var caller = new Caller(port);
        await caller.AnswersAsync("whatever", answer => answer.Body == "raw");
        await Eventually.GetAsync(
            "requests are counted",
            async stop =>
            {
                // What was sent before Envoy was asked to report is not in its reports.
                await caller.GetAsync("whatever");
                return await _mesh.Control.PageAsync("/metrics", stop);
            },
            page => page.Split('\n').Any(line => line.StartsWith("weft_xds_load_requests_total{", StringComparison.Ordinal)
                && line.Contains("cluster=\"raw\"", StringComparison.Ordinal)
                && line.Contains("outcome=\"success\"", StringComparison.Ordinal)),
            cancellation: Test);
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private static string Text(JsonNode? node, string field) => node?[field]?.GetValue<string>() ?? "";

    private async Task<JsonNode[]> ResourcesAsync(Predicate<JsonNode[]> isIt)
    {
        var page = await Eventually.GetAsync(
            $"the status of {Node}",
            async stop =>
            {
                using var answer = await _mesh.Control.ClientStatusAsync(
                    "{\"node_matchers\": [{\"node_id\": {\"prefix\": \"edge.\"}}]}", stop);
                return await answer.Content.ReadAsStringAsync(stop);
            },
            text => isIt(Resources(text)),
            cancellation: Test);
        return Resources(page);
    }

    private static JsonNode[] Resources(string page) =>
        [.. JsonNode.Parse(page)!["config"]!.AsArray().SelectMany(c => c!["generic_xds_configs"]?.AsArray() ?? []).OfType<JsonNode>()];
}

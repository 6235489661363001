using System.Net;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>What a request meets in a mesh that stands still: the same through either data plane.</summary>
public sealed class TrafficTests(TrafficFixture mesh) : IClassFixture<TrafficFixture>, IAsyncDisposable
{
    [Theory, EachDataPlane]
    public async Task A_tenth_of_the_requests_goes_to_the_canary(DataPlaneKind kind)
    {
        const int Requests = 2000;
        var caller = (await mesh.ClientAsync(kind)).Outbound;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => ManyAsync(caller, Requests / 8))));
        var counts = answers.SelectMany(a => a).CountBy(a => a.Body).ToDictionary();
        Assert.Equal(["v1", "v2"], counts.Keys.Order());
        Assert.InRange(counts["v2"] * 100.0 / Requests, 7, 13);
    }

    [Theory, EachDataPlane]
    public async Task A_request_with_the_flow_tag_always_meets_the_canary(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Outbound;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("v2", (await caller.GetAsync("reviews", "/", ("x-envoy-flow-tag", "canary-v2"))).Body);
        }
    }

    [Theory, EachDataPlane]
    public async Task Paths_are_matched_whole_or_by_whole_segments_and_the_rest_is_404(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Outbound;
        Assert.Equal("v1", (await caller.GetAsync("paths", "/exact")).Body);
        Assert.Equal("v1", (await caller.GetAsync("paths", "/exact?query")).Body);
        Assert.Equal("v2", (await caller.GetAsync("paths", "/prefix")).Body);
        Assert.Equal("v2", (await caller.GetAsync("paths", "/prefix/further?query")).Body);
        foreach (var path in new[] { "/", "/exact/further", "/prefixed" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync("paths", path)).Status);
        }
    }

    [Theory, EachDataPlane]
    public async Task Changes_of_request_headers_reach_the_application(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Outbound;
        var answer = await caller.GetAsync(
            "edits", "/headers",
            ("x-set", "before"), ("x-add", "before"), ("x-remove", "before"), ("x-kept", "before"));
        // Values may be one line or several: "field-line ... combined ... separated by a comma and optional whitespace"
        // (RFC 9110, 5.2).
        string[] ours = ["x-set:", "x-add:", "x-remove:", "x-kept:"];
        var seen = answer.Body.Split('\n')
            .Where(line => ours.Any(name => line.StartsWith(name, StringComparison.Ordinal)))
            .Select(line => line.Replace(", ", ",", StringComparison.Ordinal));
        Assert.Equal(["x-add: before,added", "x-kept: before", "x-set: 100%"], seen.Order());
    }

    [Theory, EachDataPlane]
    public async Task A_service_that_nobody_knows_is_404(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Outbound;
        Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync("unknown")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync("v1.elsewhere")).Status);
    }

    [Theory, EachDataPlane]
    public async Task A_service_without_endpoints_is_503(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Outbound;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await caller.GetAsync("idle")).Status);
    }

    [Theory, EachDataPlane]
    public async Task An_application_that_takes_too_long_is_504(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Outbound;
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await caller.GetAsync("hurried", "/never")).Status);
    }

    [Theory, EachDataPlane]
    public async Task The_share_of_a_missing_backend_is_500(DataPlaneKind kind)
    {
        var answers = await ManyAsync((await mesh.ClientAsync(kind)).Outbound, 400, "half");
        var failed = answers.Where(a => a.Body != "v1").ToList();
        Assert.All(failed, answer => Assert.Equal(HttpStatusCode.InternalServerError, answer.Status));
        Assert.InRange(failed.Count, 140, 260);
    }

    [Theory, EachDataPlane]
    public async Task A_service_answers_to_all_its_usual_names(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Outbound;
        foreach (var name in new[] { "v1", "v1.shop", "v1.shop.svc", "v1.shop.svc.cluster.local", "V1.Shop" })
        {
            Assert.Equal("v1", (await caller.GetAsync(name)).Body);
            Assert.Equal("v1", (await caller.GetAsync($"{name}:80")).Body);
            Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync($"{name}:81")).Status);
        }
    }

    [Theory, EachDataPlane]
    public async Task The_inbound_listener_leads_to_the_application_whatever_the_name(DataPlaneKind kind)
    {
        var (outbound, inbound, _) = await mesh.ClientAsync(kind);
        var name = kind.ToString().ToLowerInvariant();
        Assert.Equal(name, (await inbound.GetAsync("whatever")).Body);
        Assert.Equal(name, (await outbound.GetAsync(name)).Body);
    }

    [Theory, EachDataPlane]
    public async Task One_port_takes_HTTP_1_and_HTTP_2_with_prior_knowledge(DataPlaneKind kind)
    {
        var (outbound, inbound, _) = await mesh.ClientAsync(kind);
        foreach (var caller in new[] { outbound, inbound })
        {
            foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
            {
                var answer = await caller.SendAsync("v1", "/", version);
                Assert.Equal((HttpStatusCode.OK, version), (answer.Status, answer.Protocol));
            }
        }
    }

    [Theory, EachDataPlane]
    public async Task An_endpoint_that_nobody_listens_on_costs_no_request(DataPlaneKind kind)
    {
        var answers = await ManyAsync((await mesh.ClientAsync(kind)).Outbound, 100, "limping");
        Assert.All(answers, answer => Assert.Equal("v1", answer.Body));
    }

    [Theory, EachDataPlane]
    public async Task Requests_are_counted_under_the_whole_name_of_their_cluster(DataPlaneKind kind)
    {
        const string Counter =
            "envoy_cluster_upstream_rq_total{envoy_cluster_name=\"outbound|80||v1.shop.svc.cluster.local\"} ";
        var client = await mesh.ClientAsync(kind);
        Assert.Equal("v1", (await client.Outbound.GetAsync("v1")).Body);
        var line = (await client.Proxy.PageAsync("/stats/prometheus")).Split('\n')
            .Single(line => line.StartsWith(Counter, StringComparison.Ordinal));
        Assert.NotEqual("0", line[Counter.Length..]);
    }

    [Theory, EachDataPlane]
    public async Task A_gRPC_call_passes_with_its_status(DataPlaneKind kind)
    {
        Peers.Require("echoserver");
        var caller = (await mesh.ClientAsync(kind)).Outbound;
        var (status, text) = await caller.CallAsync("echo", "/weft.echo.Echo/Echo");
        Assert.Equal("0", status);
        Assert.Contains("echo:", text, StringComparison.Ordinal);
        const string Unimplemented = "12";
        Assert.Equal(Unimplemented, (await caller.CallAsync("echo", "/weft.echo.Echo/NoSuchMethod")).Status);
    }

    public async ValueTask DisposeAsync() => await mesh.ShowAsync();

    private static async Task<List<Answer>> ManyAsync(Caller caller, int count, string service = "reviews")
    {
        var answers = new List<Answer>();
        for (var i = 0; i < count; i++)
        {
            answers.Add(await caller.GetAsync(service));
        }

        return answers;
    }
}

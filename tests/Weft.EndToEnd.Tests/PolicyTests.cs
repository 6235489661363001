using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>What policies make of requests: the same through either data plane.</summary>
public sealed class PolicyTests(PolicyFixture mesh) : IClassFixture<PolicyFixture>, IAsyncDisposable
{
    [Theory, EachDataPlane]
    public async Task A_request_is_tried_again_as_often_as_the_policy_says(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Caller;
        Assert.Equal((HttpStatusCode.OK, 3), await TriesAsync(caller, "retried", failing: 2));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 4), await TriesAsync(caller, "retried", failing: 4));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await TriesAsync(caller, "plain", failing: 1));
    }

    [Theory, EachDataPlane]
    public async Task More_requests_at_once_than_the_breaker_lets_pass_are_503(DataPlaneKind kind)
    {
        var client = await mesh.ClientAsync(kind);
        var before = mesh["slow"].View.Value.Requests;
        using (var held = await HoldAsync(client.Port, "narrow"))
        {
            await mesh["slow"].RequestsAsync(before + 1);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.Caller.GetAsync("narrow")).Status);
            Assert.Equal(before + 1, mesh["slow"].View.Value.Requests);
        }

        await client.Caller.AnswersAsync("narrow", answer => answer.Status == HttpStatusCode.OK);
    }

    [Theory, EachDataPlane]
    public async Task An_endpoint_that_fails_again_and_again_is_left_out(DataPlaneKind kind)
    {
        var client = await mesh.ClientAsync(kind);
        mesh["ill"].View.Update(view => view with { Failing = int.MaxValue });
        await Eventually.HoldsAsync("an ejection", async _ =>
        {
            await client.Caller.GetAsync("outlying");
            return await GaugeAsync(client, "outlier_detection_ejections_active", "outlying") == "1";
        });
        await AllAsync(client, "outlying", 20, ["steady"]);
    }

    [Theory, EachDataPlane]
    public async Task An_endpoint_that_says_that_it_is_not_well_gets_nothing_until_it_is(DataPlaneKind kind)
    {
        var client = await mesh.ClientAsync(kind);
        foreach (var isWell in new[] { true, false, true })
        {
            mesh["well"].View.Update(view => view with { IsWell = isWell });
            string[] expected = isWell ? ["steady", "well"] : ["steady"];
            // Envoy's workers hear of it up to a second later than its gauges.
            await Eventually.HoldsAsync($"answers of {string.Join(" and ", expected)}", async _ =>
                expected.SequenceEqual((await BodiesAsync(client.Caller, "checked", Enumerable.Repeat("", 20))).Distinct().Order()));
            Assert.Equal($"{expected.Length}", await GaugeAsync(client, "membership_healthy", "checked"));
        }
    }

    [Theory, EachDataPlane]
    public async Task The_same_header_leads_to_the_same_endpoint(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Caller;
        foreach (var service in new[] { "ring", "maglev" })
        {
            var users = Enumerable.Range(0, 40).Select(i => $"user-{i}").ToList();
            var first = await BodiesAsync(caller, service, users);
            Assert.Equal(first, await BodiesAsync(caller, service, users));
            Assert.Equal(["one", "two"], first.Distinct().Order());
        }
    }

    [Theory, EachDataPlane]
    public async Task Least_requests_uses_all_endpoints(DataPlaneKind kind) =>
        await AllAsync(await mesh.ClientAsync(kind), "least", 60, ["one", "two"]);

    [Theory, EachDataPlane]
    public async Task A_caller_with_the_cookie_stays_at_its_endpoint(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Caller;
        var cookie = await StaysAsync(caller, "sticky", "set-cookie", value => ("cookie", value.Split(';')[0]));
        Assert.StartsWith("seat=", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("max-age", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, EachDataPlane]
    public async Task A_route_may_ask_for_sessions_that_end(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Caller;
        var cookie = await StaysAsync(caller, "persistent", "set-cookie", value => ("cookie", value.Split(';')[0]));
        Assert.StartsWith("place=", cookie, StringComparison.Ordinal);
        Assert.Contains("max-age=3600", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, EachDataPlane]
    public async Task A_route_may_keep_sessions_in_a_header(DataPlaneKind kind) =>
        await StaysAsync((await mesh.ClientAsync(kind)).Caller, "kept", "x-place", value => ("x-place", value));

    [Theory, EachDataPlane]
    public async Task A_try_that_takes_too_long_is_504(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Caller;
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await caller.GetAsync("bounded", "/never")).Status);
        Assert.Equal("slow", (await caller.GetAsync("bounded")).Body);
    }

    [Theory, EachDataPlane]
    public async Task The_share_of_a_service_without_endpoints_is_503(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Caller;
        var answers = new List<Answer>();
        for (var i = 0; i < 60; i++)
        {
            answers.Add(await caller.GetAsync("half-idle"));
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable], answers.Select(a => a.Status).Distinct().Order());
    }

    [Theory, EachDataPlane]
    public async Task A_host_outside_the_mesh_passes_where_the_mesh_says_so(DataPlaneKind kind)
    {
        var caller = (await mesh.ClientAsync(kind)).Caller;
        Assert.Equal("steady", (await caller.GetAsync($"localhost:{mesh["steady"].Port}")).Body);
    }

    [Theory, EachDataPlane]
    public async Task Each_request_has_a_line_of_JSON_with_its_trace(DataPlaneKind kind)
    {
        var client = await mesh.ClientAsync(kind);
        var (trace, path) = (Guid.NewGuid().ToString("N"), $"/logged-{Guid.NewGuid():N}?q=1");
        Assert.Equal("steady", (await client.Caller.GetAsync("steady", path, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"))).Body);
        var line = await client.Proxy.Process.WaitForLineAsync(path);
        var entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal(
            ("GET", path, "200", trace, "steady"),
            (Text("method"), Text("path"), Text("response_code"), Text("trace_id"), Text("authority")));
        Assert.Contains(trace, Text("traceparent"), StringComparison.Ordinal);

        string Text(string field) => entry.GetProperty(field).ToString();
    }

    [Fact]
    public async Task Spans_of_Envoy_reach_the_collector_with_the_trace_of_the_caller()
    {
        var client = await mesh.ClientAsync(DataPlaneKind.Envoy);
        var trace = Guid.NewGuid().ToString("N");
        // Envoy sends its spans when it has five, or after five seconds.
        for (var i = 0; i < 5; i++)
        {
            await client.Caller.GetAsync("steady", "/", ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));
        }

        await mesh.Collector.SpansAsync(spans => spans.Any(s => (s.Trace, s.Service) == (trace, "client-envoy.shop")));
    }

    public async ValueTask DisposeAsync() => await mesh.ShowAsync();

    private async Task<(HttpStatusCode Status, int Tries)> TriesAsync(Caller caller, string service, int failing)
    {
        var before = mesh["flaky"].View.Update(view => view with { Failing = failing });
        var answer = await caller.GetAsync(service);
        return (answer.Status, mesh["flaky"].View.Value.Requests - before.Requests);
    }

    private static async Task<TcpClient> HoldAsync(int port, string host)
    {
        var held = new TcpClient();
        await held.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await held.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"GET /never HTTP/1.1\r\nHost: {host}\r\n\r\n"), TestContext.Current.CancellationToken);
        return held;
    }

    private static async Task<List<string>> BodiesAsync(Caller caller, string service, IEnumerable<string> users)
    {
        var bodies = new List<string>();
        foreach (var user in users)
        {
            bodies.Add((await caller.GetAsync(service, "/", ("x-user", user))).Body);
        }

        return bodies;
    }

    private static async Task AllAsync(Client client, string service, int count, string[] expected)
    {
        var bodies = await BodiesAsync(client.Caller, service, Enumerable.Repeat("", count));
        Assert.Equal(expected, bodies.Distinct().Order());
    }

    // Sends what the first answer said along with the next requests; returns it.
    private static async Task<string> StaysAsync(
        Caller caller, string service, string header, Func<string, (string Name, string Value)> answer)
    {
        using var first = await caller.SendAsync(service, new("", "GET", "/", [], "", []));
        var said = Assert.Single(first.Headers.GetValues(header));
        var application = (await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n')[0];
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(application, (await caller.GetAsync(service, "/", answer(said))).Body);
        }

        return said;
    }

    private static async Task<string?> GaugeAsync(Client client, string gauge, string service)
    {
        var sample = $"envoy_cluster_{gauge}{{envoy_cluster_name=\"outbound|80||{service}.shop.svc.cluster.local\"}} ";
        return (await client.Proxy.PageAsync("/stats/prometheus")).Split('\n')
            .FirstOrDefault(line => line.StartsWith(sample, StringComparison.Ordinal))?[sample.Length..];
    }
}

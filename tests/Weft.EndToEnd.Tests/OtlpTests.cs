using System.Globalization;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>Traces and metrics of a running mesh, as a collector gets them.</summary>
public sealed class OtlpTests : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Caller = "b7ad6b7169203331";

    private readonly TempFolder _folder = new();
    private readonly string _xds = $"127.0.0.1:{FreePorts.Next()}";
    private readonly int _outbound = FreePorts.Next();

    [Fact]
    public async Task A_request_through_two_proxies_is_one_trace_at_the_collector()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var hello = await Application.StartAsync("hello");
        Write(hello, collector);
        await using var up = Start(collector: null, "up", _folder.Path);
        await AskAsync();

        var spans = (await collector.SpansAsync(all => all.Count(s => s.Trace == Trace) == 3)).FindAll(s => s.Trace == Trace);
        var first = spans.Single(s => s.Parent == Caller);
        var second = spans.Single(s => s.Parent == first.Id);
        var third = spans.Single(s => s.Parent == second.Id);
        Assert.Equal(["client.shop", "hello.shop"], [first["weft.node"], third["weft.node"]]);
        Assert.Equal([2, 3, 2], [first.Kind, second.Kind, third.Kind]);
        Assert.Equal("outbound|80||hello.shop.svc.cluster.local", second["weft.upstream.cluster"]);
        Assert.Equal(["client.shop", "client.shop", "hello.shop"], [first.Service, second.Service, third.Service]);
        Assert.All([first, second, third], span => Assert.Equal(
            ("Weft.Proxy", "GET", "200"), (span.Scope, span.Name, span["http.response.status_code"])));
        Assert.All([first, third], span => Assert.Equal("/headers", span["url.path"]));
        Assert.Contains(third.Id, _answer, StringComparison.Ordinal);
        // The control plane itself tells nothing: no environment variable says where to.
        Assert.DoesNotContain(collector.Spans.Value, s => s.Scope == "Weft");
        Assert.Empty(collector.Metrics.Value);
    }

    [Fact]
    public async Task The_collector_sees_a_publication_reach_the_proxies_and_the_numbers_of_all()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var hello = await Application.StartAsync("hello");
        Write(hello, null);
        await using var up = Start(collector, "up", _folder.Path);
        await AskAsync();
        var before = collector.Spans.Value.Where(s => s.Name == "weft.publish").Select(s => s.Trace).ToHashSet();
        _folder.Write("more.yaml", Manifest.Service("more"));

        var spans = await collector.SpansAsync(all => all.Any(s =>
            s.Name == "weft.publish" && !before.Contains(s.Trace) && s["weft.services"] == "2"
            && all.Any(p => p.Trace == s.Trace && p["weft.xds.type"] == "cds" && p["weft.xds.answer"] == "ack"
                && p["weft.node"] == "client.shop")));
        var publish = spans.Last(s => s.Name == "weft.publish" && s["weft.services"] == "2");
        Assert.Equal(("my-mesh", "Weft", ""), (publish.Service, publish.Scope, publish.Parent));
        Assert.Equal("2", publish["weft.workloads"]);
        var below = spans.FindAll(s => s.Parent == publish.Id);
        Assert.Superset(
            new HashSet<string> { "weft.read", "weft.compose", "weft.translate", "weft.check", "weft.send", "weft.xds.push" },
            below.Select(s => s.Name).ToHashSet());
        // What a proxy is given at its coming is a trace of its own.
        var given = spans.First(s => s.Name == "weft.xds.push" && s.Parent.Length == 0);
        Assert.Contains(given.Links, link => before.Contains(link) || spans.Any(s => s.Name == "weft.publish" && s.Trace == link));

        (string, string, string)[] expected =
        [
            ("Weft", "weft.publish.duration", "s"), ("Weft.Xds", "weft.xds.acks", "{request}"),
            ("Weft.Proxy", "http.server.request.duration", "s"), ("Weft.Proxy", "http.client.request.duration", "s"),
            ("Weft.Proxy", "weft.proxy.upstream.requests", "{request}"),
        ];
        await collector.MetricsAsync(all => expected.All(e => all.Any(m => (m.Scope, m.Name, m.Unit) == e)));
    }

    [Fact]
    public async Task A_proxy_of_its_own_process_tells_what_the_control_plane_wants_and_its_environment_says()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var hello = await Application.StartAsync("hello");
        _folder.Write("mesh.yaml", Manifest.Served(hello) + Manifest.Workload("client", null, outbound: _outbound) + Mesh(collector));
        await using var control = WeftProgram.Start(
            "run", "--manifests", _folder.Path, "--xds", _xds, "--admin", $"127.0.0.1:{FreePorts.Next()}");
        await using var proxy = ChildProcess.Start(
            WeftProgram.Path,
            ["proxy", "--node", "client.shop", "--xds", _xds, "--admin", $"127.0.0.1:{FreePorts.Next()}"], Environment(collector));
        await AskAsync();
        proxy.Signal("INT");
        Assert.Equal(0, await proxy.WaitForExitAsync());

        var spans = await collector.SpansAsync(all => all.Count(s => s.Trace == Trace) == 2);
        // The name is the mesh's to give, as it is for Envoy, whatever the environment calls the program.
        Assert.All(spans.Where(s => s.Trace == Trace), s => Assert.Equal("client.shop", s.Service));
        await collector.MetricsAsync(all => all.Any(m => m.Name == "http.server.request.duration"));
    }

    public void Dispose() => _folder.Dispose();

    private string _answer = "";

    private async Task AskAsync()
    {
        await Eventually.ListensAsync(_outbound);
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var answer = await Eventually.GetAsync(
            "an answer of hello",
            async stop =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_outbound}/ready");
                request.Headers.Host = "hello";
                request.Headers.Add("traceparent", $"00-{Trace}-{Caller}-00");
                return await http.SendAsync(request, stop);
            },
            answer => answer.IsSuccessStatusCode,
            cancellation: TestContext.Current.CancellationToken);
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_outbound}/headers");
        asked.Headers.Host = "hello";
        asked.Headers.Add("traceparent", $"00-{Trace}-{Caller}-01");
        using var got = await http.SendAsync(asked, TestContext.Current.CancellationToken);
        _answer = await got.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private void Write(Application hello, OtlpCollector? collector) => _folder.Write(
        "mesh.yaml",
        Manifest.Service("hello") + Manifest.Workload("hello", "hello", hello.Port, FreePorts.Next())
        + Manifest.Workload("client", null, outbound: _outbound) + (collector is null ? "" : Mesh(collector)));

    private static string Mesh(OtlpCollector collector) => $$"""
        apiVersion: weft.dev/v1alpha1
        kind: Mesh
        metadata: {name: mesh}
        spec: {tracing: {address: 127.0.0.1, port: {{collector.Port}}, samplePercent: 0} }
        ---

        """;

    private ChildProcess Start(OtlpCollector? collector, params IEnumerable<string> arguments) => ChildProcess.Start(
        WeftProgram.Path, [.. arguments, "--xds", _xds, "--admin", $"127.0.0.1:{FreePorts.Next()}"],
        collector is null ? Environment() : Environment(collector));

    private static Dictionary<string, string?> Environment() => new()
    {
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };

    private static Dictionary<string, string?> Environment(OtlpCollector collector) => new(Environment())
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{collector.Port}"),
        ["OTEL_SERVICE_NAME"] = "my-mesh",
    };
}

using System.Globalization;
using System.Text.Json.Nodes;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>gRPC applications, in Go, JavaScript and Python, that route for themselves, without any proxy.</summary>
public sealed class GrpcTests : IAsyncDisposable
{
    private readonly WeftRun _control = new();
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, ChildProcess> _servers = [];
    private readonly Dictionary<string, int> _ports = [];

    [Fact]
    public async Task Endpoints_change_under_a_series_of_calls_and_none_fails()
    {
        const int Calls = 6000;
        _control.Manifests.Write("echo.yaml", Manifest.Service("echo", portName: "grpc-echo"));
        await WithServerAsync("a", "echo");
        await WithServerAsync("b", "echo");
        await StartAsync();
        await using var client = Call(
            "echo.shop.svc.cluster.local:80",
            "-n", $"{Calls}", "-c", "2", "-interval", "5ms", "-report-every", "200ms");
        await SeesAsync(client, "a and b", peers => peers.SetEquals([PeerOf("a"), PeerOf("b")]));

        await WithServerAsync("c", "echo");
        _control.Manifests.Delete("a.yaml");
        await SeesAsync(client, "b and c", peers => peers.SetEquals([PeerOf("b"), PeerOf("c")]));
        _servers["a"].Signal("KILL");

        var summary = await SummaryAsync(client);
        Assert.Equal(("{}", Calls), (summary["errors"]!.ToJsonString(), summary["ok"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("echo", "go")]
    [InlineData("echo.shop:80", "go")]
    [InlineData("echo.shop", "node")]
    [InlineData("echo", "python")]
    public async Task Weights_split_the_calls_between_two_services(string target, string language)
    {
        foreach (var name in new[] { "a", "b" })
        {
            _control.Manifests.Write($"service-{name}.yaml", Manifest.Service(name, portName: "grpc"));
            await WithServerAsync(name, name);
        }

        _control.Manifests.Write("echo.yaml", Manifest.Service("echo", portName: "grpc")
            + Manifest.Route("echo", Manifest.Rule("", ("a", 80), ("b", 20))));
        await StartAsync();
        const int Calls = 1000;
        await using var client = language switch
        {
            "node" => CallFromNode(target, Calls),
            "python" => await CallFromPythonAsync(target, Calls),
            _ => Call(target, "-n", $"{Calls}", "-c", "4"),
        };
        var summary = await SummaryAsync(client);
        Assert.Equal(("{}", Calls), (summary["errors"]!.ToJsonString(), summary["ok"]!.GetValue<int>()));
        Assert.InRange(summary["names"]!["b"]!.GetValue<int>() * 100.0 / Calls, 13, 27);
    }

    [Fact]
    public async Task A_server_takes_its_listener_from_the_control_plane()
    {
        var port = FreePorts.Next();
        _control.Manifests.Write("echo.yaml", Manifest.Service("echo", portName: "grpc")
            + Manifest.Workload("server", "echo", port));
        await _control.StartAsync();
        _folder.Write("server.json", await WeftProgram.OutputAsync("bootstrap", "grpc", "--node", "server.shop", "--xds", _control.Xds));
        await using var server = ChildProcess.Start(
            Peers.Require("echoserver"), ["-port", $"{port}", "-name", "server", "-xds"],
            new Dictionary<string, string?> { ["GRPC_XDS_BOOTSTRAP"] = _folder.PathOf("server.json") });
        _folder.Write("xds.json", await WeftProgram.OutputAsync("bootstrap", "grpc", "--node", "client.shop", "--xds", _control.Xds));
        // A server without its listener refuses calls; the first that succeeds shows that it has it.
        await Eventually.GetAsync("a call that succeeds", async _ =>
        {
            await using var client = Call("echo", "-n", "1", "-c", "1");
            return (await SummaryAsync(client))["ok"]!.GetValue<int>();
        }, ok => ok == 1, cancellation: TestContext.Current.CancellationToken);
        await _control.SyncedAsync("server.shop");
    }

    [Fact]
    public async Task A_foreign_client_is_told_of_health_and_services_by_the_standard_calls()
    {
        await _control.StartAsync();
        await using var client = ChildProcess.Start(
            Peers.Require("node"), [NodeFile("ask.js"), _control.Xds, "envoy.service.discovery.v3.AggregatedDiscoveryService"]);
        var answer = JsonNode.Parse(await client.WaitForLineAsync("\"health\""))!;
        Assert.Equal("SERVING", answer["health"]!.GetValue<string>());
        Assert.Contains("envoy.service.discovery.v3.AggregatedDiscoveryService", answer["services"]!.AsArray().Select(s => s!.GetValue<string>()));
    }

    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync();
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task WithServerAsync(string name, string service)
    {
        var port = _ports[name] = FreePorts.Next();
        var number = port.ToString(CultureInfo.InvariantCulture);
        _servers[name] = ChildProcess.Start(Peers.Require("echoserver"), ["-port", number, "-name", name]);
        await Eventually.ListensAsync(port);
        _control.Manifests.Write($"{name}.yaml", Manifest.Workload(name, service, port));
    }

    private string PeerOf(string server) => $"127.0.0.1:{_ports[server]}";

    private async Task StartAsync()
    {
        await _control.StartAsync();
        _folder.Write("xds.json", await WeftProgram.OutputAsync(
            "bootstrap", "grpc", "--node", "client.shop", "--xds", _control.Xds));
    }

    private ChildProcess Call(string target, params IEnumerable<string> arguments) => ChildProcess.Start(
        Peers.Require("xdscall"),
        ["-json", .. arguments, $"xds:///{target}"],
        new Dictionary<string, string?> { ["GRPC_XDS_BOOTSTRAP"] = _folder.PathOf("xds.json") });

    private ChildProcess CallFromNode(string target, int calls) => ChildProcess.Start(
        Peers.Require("node"),
        [NodeFile("call.js"), $"xds:///{target}", calls.ToString(CultureInfo.InvariantCulture)],
        new Dictionary<string, string?> { ["GRPC_XDS_BOOTSTRAP"] = _folder.PathOf("xds.json") });

    private async Task<ChildProcess> CallFromPythonAsync(string target, int calls)
    {
        return ChildProcess.Start(
            await PythonAsync(),
            [Path.Combine(AppContext.BaseDirectory, "python", "call.py"), $"xds:///{target}", calls.ToString(CultureInfo.InvariantCulture)],
            new Dictionary<string, string?> { ["GRPC_XDS_BOOTSTRAP"] = _folder.PathOf("xds.json") });
    }

    // The distribution's own Python has the distribution's packages; another may stand before it in PATH.
    private static async Task<string> PythonAsync()
    {
        foreach (var python in new[] { "/usr/bin/python3", Peers.Find("python3") }.OfType<string>().Where(File.Exists))
        {
            await using var probe = ChildProcess.Start(python, ["-c", "import grpc"]);
            if (await probe.WaitForExitAsync() == 0)
            {
                return python;
            }
        }

        Assert.Skip("needs python3 with gRPC: the Debian package python3-grpcio");
        return "";
    }

    private static string NodeFile(string name) => Path.Combine(AppContext.BaseDirectory, "node", name);

    // The client prints the peers of each period, and a summary at its end.
    private static Task<string> SeesAsync(ChildProcess client, string what, Predicate<HashSet<string>> isIt) =>
        client.WaitForLineAsync($"calls to {what} in one period", line =>
            line.StartsWith("{\"at_ms\"", StringComparison.Ordinal)
            && isIt([.. JsonNode.Parse(line)!["peers"]!.AsObject().Select(peer => peer.Key)]));

    private static async Task<JsonNode> SummaryAsync(ChildProcess client)
    {
        await client.WaitForExitAsync();
        return JsonNode.Parse(await client.WaitForLineAsync("\"total_ms\""))!;
    }
}

using System.Net;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>
/// One mesh that stands still, and a client of each data plane in it. A client has its own application behind an
/// inbound listener, so that one proxy shows both directions.
/// </summary>
public sealed class TrafficFixture : IAsyncLifetime
{
    private readonly WeftRun _control = new();
    private readonly List<Application> _applications = [];
    private ChildProcess? _echo;
    private readonly Clients<Client> _clients;

    internal sealed record Client(Caller Outbound, Caller Inbound, DataPlane Proxy) : ProxiedClient(Proxy)
    {
        public override ValueTask DisposeAsync()
        {
            Outbound.Dispose();
            Inbound.Dispose();
            return base.DisposeAsync();
        }
    }

    public TrafficFixture() => _clients = new(_control, StartAsync);

    public async ValueTask InitializeAsync()
    {
        await AddAsync("v1");
        await AddAsync("v2");
        _control.Manifests.Write("routes.yaml",
            Routed("reviews",
                Manifest.Rule("matches: [{headers: [{name: x-envoy-flow-tag, value: canary-v2}]}],", ("v2", 1)),
                Manifest.Rule("", ("v1", 90), ("v2", 10)))
            + Routed("paths",
                Manifest.Rule("matches: [{path: {type: Exact, value: /exact}}],", ("v1", 1)),
                Manifest.Rule("matches: [{path: {type: PathPrefix, value: /prefix}}],", ("v2", 1)))
            + Routed("edits", Manifest.Rule(
                "filters: [{type: RequestHeaderModifier, requestHeaderModifier: {"
                + "set: [{name: x-set, value: 100%}], add: [{name: x-add, value: added}], remove: [x-remove]}}],",
                ("v1", 1)))
            + Routed("hurried", Manifest.Rule("timeouts: {request: 200ms},", ("v1", 1)))
            + Routed("half", Manifest.Rule("", ("v1", 50), ("nobody", 50)))
            + Manifest.Service("idle")
            + Manifest.Service("limping")
            + Manifest.Workload("limping-dead", "limping", FreePorts.Next())
            + Manifest.Workload("limping-alive", "limping", _applications[0].Port));
        await WithEchoAsync();
        await _control.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();

        await _control.DisposeAsync();
        await (_echo?.DisposeAsync() ?? default);
        foreach (var application in _applications)
        {
            await application.DisposeAsync();
        }
    }

    internal Task<Client> ClientAsync(DataPlaneKind kind) => _clients.Of(kind);

    /// <summary>Adds what the programs said to the output of a test that ends.</summary>
    internal Task ShowAsync() => _clients.ShowAsync();

    private static string Routed(string service, params string[] rules) =>
        Manifest.Service(service) + Manifest.Route(service, rules);

    private async Task<Application> AddAsync(string name)
    {
        var application = await Application.StartAsync(name);
        _applications.Add(application);
        _control.Manifests.Write($"{name}.yaml", Manifest.Served(application));
        return application;
    }

    // A gRPC server that is no .NET; without it, the test that needs it says so.
    private async Task WithEchoAsync()
    {
        if (Peers.Find("echoserver") is { } program)
        {
            var port = FreePorts.Next();
            _echo = ChildProcess.Start(program, ["-port", $"{port}", "-name", "echo"]);
            await Eventually.ListensAsync(port);
            _control.Manifests.Write("echo.yaml",
                Manifest.Service("echo", portName: "grpc") + Manifest.Workload("echo", "echo", port));
        }
    }

    private async Task<Client> StartAsync(DataPlaneKind kind)
    {
        var name = kind.ToString().ToLowerInvariant();
        var application = await Application.StartAsync(name);
        _applications.Add(application);
        var (inbound, outbound) = (FreePorts.Next(), FreePorts.Next());
        _control.Manifests.Write($"{name}.yaml",
            Manifest.Service(name) + Manifest.Workload(name, name, application.Port, inbound, outbound));
        var proxy = await DataPlane.StartAsync(kind, _control, $"{name}.shop");
        var client = new Client(new Caller(outbound), new Caller(inbound), proxy);
        await _control.SyncedAsync($"{name}.shop");
        await client.Outbound.AnswersAsync(name, answer => answer.Status == HttpStatusCode.OK);
        return client;
    }
}

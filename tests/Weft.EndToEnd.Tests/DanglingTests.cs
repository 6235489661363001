using System.Net;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>Resources that name others which are not there.</summary>
public sealed class DanglingTests : IAsyncDisposable
{
    private readonly Mesh _mesh = new();

    [Fact]
    public async Task A_raw_route_to_a_missing_cluster_is_sent_with_a_warning()
    {
        Peers.Require("envoy");
        var port = FreePorts.Next();
        var upstream = await _mesh.ApplicationAsync("raw");
        _mesh.Control.Resources.Write("edge.yaml", Raw.File(
            Raw.Cluster("raw", upstream.Port), Raw.ListenerOfRoutes("edge", port, "routes"),
            Raw.Routes("routes", ("/missing", "nowhere"), ("/", "raw"))));
        var validated = await WeftProgram.RunAsync("validate", "--resources", _mesh.Control.Resources.Path);
        Assert.Equal(0, validated.ExitCode);
        Assert.Contains("warning WEFT4006: The raw rds resource 'routes' needs the cds resource 'nowhere'", validated.Output, StringComparison.Ordinal);

        await _mesh.Control.StartAsync();
        await using var proxy = await DataPlane.StartAsync(DataPlaneKind.Envoy, _mesh.Control, "stranger.nowhere");
        using var caller = new Caller(port);
        await caller.AnswersAsync("whatever", answer => answer.Body == "raw");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await caller.GetAsync("whatever", "/missing")).Status);
        var told = Assert.Single((await _mesh.Control.StatusAsync()).Diagnostics);
        Assert.Equal(("WEFT4006", "warning"), (told.Code, told.Severity));
        Assert.EndsWith("edge.yaml", told.File, StringComparison.Ordinal);
        Assert.NotNull(told.Line);
    }

    [Theory, EachDataPlane]
    public async Task A_removed_service_that_a_listener_still_names_keeps_its_traffic(DataPlaneKind kind)
    {
        var listen = FreePorts.Next();
        var database = await _mesh.ApplicationAsync("db");
        _mesh.Write("service", """
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: shop}
            spec: {ports: [{name: tcp, port: 5432, appProtocol: tcp}]}
            """);
        _mesh.Write("mesh", Manifest.Workload("db-1", "db", database.Port) + $$"""
            apiVersion: weft.dev/v1alpha1
            kind: Workload
            metadata: {name: client, namespace: shop}
            spec: {address: 127.0.0.1, tcpOutbound: [{service: db, port: 5432, listen: {{listen}}}]}
            """);
        await _mesh.Control.StartAsync();
        await using var proxy = await DataPlane.StartAsync(kind, _mesh.Control, Mesh.Client);
        await _mesh.Control.SyncedAsync(Mesh.Client);
        await Eventually.ListensAsync(listen, cancellation: TestContext.Current.CancellationToken);
        using var caller = new Caller(listen);
        await using var load = Load.Start(caller, "db");
        await load.MoreAsync("db");

        _mesh.Delete("service");
        var status = await _mesh.Control.StatusAsync("the dangling listener is told", s => s.Diagnostics.Any(d => d.Code == "WEFT4004"));
        Assert.EndsWith("mesh.yaml", status.Diagnostics.Single(d => d.Code == "WEFT4004").File, StringComparison.Ordinal);
        await _mesh.Control.SyncedAsync(Mesh.Client);
        using var another = new Caller(listen);
        await another.AnswersAsync("db", answer => answer.Body == "db");
        await load.MoreAsync("db", 100);
        await load.NoneFailedAsync();
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();
}

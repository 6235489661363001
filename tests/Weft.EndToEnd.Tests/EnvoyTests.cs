using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>What Envoy itself says of the configuration it gets.</summary>
public sealed class EnvoyTests : IAsyncDisposable
{
    private readonly Mesh _mesh = new();

    [Theory]
    [InlineData("delta")]
    [InlineData("sotw")]
    public async Task Envoy_takes_everything_in_either_protocol(string protocol)
    {
        await _mesh.WithAsync("v1", "v2");
        _mesh.Write("reviews",
            Manifest.Service("reviews") + Manifest.Route("reviews", Manifest.Rule("", ("v1", 1), ("v2", 1))));
        await _mesh.StartAsync(DataPlaneKind.Envoy, "reviews", protocol);

        var proxy = Assert.Single((await _mesh.Control.StatusAsync()).Proxies);
        Assert.Equal((protocol, "synced", "sidecar"), (proxy.Protocol, proxy.State, proxy.Class));
        Assert.Equal(["cds 3", "eds 3", "lds 1", "rds 1"], proxy.Types.Select(t => $"{t.Key} {t.Value.Resources}"));
        Assert.Equal(
            [
                "cluster outbound|80||reviews.shop.svc.cluster.local",
                "cluster outbound|80||v1.shop.svc.cluster.local",
                "cluster outbound|80||v2.shop.svc.cluster.local",
                "endpoints outbound|80||reviews.shop.svc.cluster.local",
                "endpoints outbound|80||v1.shop.svc.cluster.local",
                "endpoints outbound|80||v2.shop.svc.cluster.local",
                "listener outbound",
                "routes outbound",
            ],
            Dump.Names(await _mesh.Proxy.PageAsync("/config_dump?include_eds")));
        await HasNothingAgainstUsAsync();
    }

    [Theory]
    [InlineData("delta")]
    [InlineData("sotw")]
    public async Task Nothing_is_refused_or_left_warming_through_a_series_of_changes(string protocol)
    {
        await _mesh.WithAsync("v1", "v2");
        _mesh.Write("reviews", Manifest.Service("reviews"));
        _mesh.Write("route", Manifest.Route("reviews", Manifest.Rule("", ("v1", 1))));
        await _mesh.StartAsync(DataPlaneKind.Envoy, "reviews", protocol);
        await using var load = Load.Start(_mesh.Caller, "reviews");

        await _mesh.WithAsync("v3");
        _mesh.Write("route", Manifest.Route("reviews", Manifest.Rule("", ("v3", 1))));
        await load.OnlyAsync("v3");
        _mesh.Write("route", Manifest.Route("reviews", Manifest.Rule("", ("v2", 1))));
        _mesh.Delete("v1");
        await load.OnlyAsync("v2");
        _mesh.Delete("v3");
        await Eventually.GetAsync(
            "the clusters of the removed services are gone",
            async _ => string.Join('\n', Dump.Names(await _mesh.Proxy.PageAsync("/config_dump?include_eds"))),
            names => !names.Contains("v1", StringComparison.Ordinal) && !names.Contains("v3", StringComparison.Ordinal),
            cancellation: TestContext.Current.CancellationToken);
        await load.NoneFailedAsync();
        await HasNothingAgainstUsAsync();
    }

    [Theory]
    [InlineData("delta")]
    [InlineData("sotw")]
    public async Task Envoy_accepts_the_bootstrap(string protocol)
    {
        using var folder = new TempFolder();
        folder.Write("envoy.json", await WeftProgram.OutputAsync(
            "bootstrap", "envoy", "--node", "client.shop", "--protocol", protocol));
        await using var envoy = ChildProcess.Start(
            Peers.Require("envoy"), ["--mode", "validate", "-c", folder.PathOf("envoy.json"), "--use-dynamic-base-id"]);
        Assert.Equal(0, await envoy.WaitForExitAsync());
        await envoy.WaitForLineAsync("OK");
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task HasNothingAgainstUsAsync()
    {
        var stats = await _mesh.Proxy.StatsAsync();
        Assert.DoesNotContain(stats, s => s.Key.EndsWith("update_rejected", StringComparison.Ordinal) && s.Value > 0);
        Assert.Contains(stats, s => s.Key.EndsWith("update_success", StringComparison.Ordinal) && s.Value > 0);
        Assert.Equal(0, stats["cluster_manager.warming_clusters"]);
        Assert.Equal(0, stats["listener_manager.total_listeners_warming"]);
        Assert.Equal(1, stats["control_plane.connected_state"]);
    }
}

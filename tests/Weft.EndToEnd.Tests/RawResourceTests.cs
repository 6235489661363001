using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>Envoy resources written by hand, beside the mesh and without one.</summary>
public sealed class RawResourceTests : IAsyncDisposable
{
    private readonly Mesh _mesh = new();

    [Fact]
    public async Task A_cluster_that_Envoy_refuses_shows_its_words_and_moves_nothing_until_it_is_mended()
    {
        var upstream = await _mesh.ApplicationAsync("raw");
        await RefusedAsync(
            Raw.Cluster("raw", upstream.Port, RingHash(2000, 1000)),
            Raw.Cluster("raw", upstream.Port, RingHash(1000, 2000)),
            "cds", "minimum_ring_size (2000)");
    }

    [Fact]
    public async Task A_listener_whose_address_is_taken_shows_Envoys_words_and_moves_nothing_until_it_is_mended()
    {
        var upstream = await _mesh.ApplicationAsync("raw");
        var cluster = Raw.Cluster("raw", upstream.Port);
        await RefusedAsync(
            cluster + Raw.Listener("raw", upstream.Port, "raw"),
            cluster + Raw.Listener("raw", FreePorts.Next(), "raw"),
            "lds", "cannot bind");
    }

    [Theory]
    [InlineData("delta")]
    [InlineData("sotw")]
    public async Task A_file_serves_a_node_that_no_manifest_knows_and_its_deletion_withdraws_it(string protocol)
    {
        Peers.Require("envoy");
        var upstream = await _mesh.ApplicationAsync("raw");
        var port = FreePorts.Next();
        _mesh.Control.Resources.Write(
            "edge.yaml", Raw.File(Raw.Cluster("raw", upstream.Port), Raw.Listener("edge", port, "raw")));
        await _mesh.Control.StartAsync();
        await using var proxy = await DataPlane.StartAsync(
            DataPlaneKind.Envoy, _mesh.Control, "stranger.nowhere", protocol);
        using var caller = new Caller(port);
        await caller.AnswersAsync("whatever", answer => answer.Body == "raw");

        _mesh.Control.Resources.Delete("edge.yaml");
        await Eventually.GetAsync(
            "Envoy has neither the listener nor the cluster",
            async _ => string.Join(' ', Dump.Names(await proxy.PageAsync("/config_dump"))),
            names => names.Length == 0,
            cancellation: TestContext.Current.CancellationToken);
        await Eventually.ListensAsync(port, wanted: false);
        await _mesh.Control.NodeAsync("stranger.nowhere", p => p.State == "synced" && p.Types["lds"].Resources == 0);
    }

    [Theory]
    [InlineData("delta")]
    [InlineData("sotw")]
    public async Task What_has_a_time_to_live_goes_after_the_control_plane_is_gone(string protocol)
    {
        Peers.Require("envoy");
        var upstream = await _mesh.ApplicationAsync("raw");
        var (mortal, immortal) = (FreePorts.Next(), FreePorts.Next());
        _mesh.Control.Resources.Write("edge.yaml", Raw.File(
            Raw.Cluster("raw", upstream.Port), Raw.Mortal(Raw.Listener("mortal", mortal, "raw"), "1.5s"),
            Raw.Listener("immortal", immortal, "raw")));
        await _mesh.Control.StartAsync();
        await using var proxy = await DataPlane.StartAsync(
            DataPlaneKind.Envoy, _mesh.Control, "stranger.nowhere", protocol);
        using var caller = new Caller(mortal);
        await caller.AnswersAsync("whatever", answer => answer.Body == "raw");

        await _mesh.Control.KillAsync();
        await Eventually.ListensAsync(mortal, wanted: false, TestContext.Current.CancellationToken);
        await Eventually.ListensAsync(immortal, cancellation: TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private static string RingHash(int minimum, int maximum) =>
        $"lb_policy: RING_HASH\n  ring_hash_lb_config: {{minimum_ring_size: {minimum}, maximum_ring_size: {maximum}}}";

    private async Task RefusedAsync(string bad, string good, string type, string words)
    {
        await _mesh.WithAsync("v1");
        await _mesh.StartAsync(DataPlaneKind.Envoy, "v1");
        await using var load = Load.Start(_mesh.Caller, "v1");
        await load.MoreAsync("v1");

        _mesh.Control.Resources.Write("raw.yaml", Raw.File(bad));
        Assert.Equal(0, (await WeftProgram.RunAsync("validate", "--resources", _mesh.Control.Resources.Path)).ExitCode);
        await _mesh.Control.NodeAsync(Mesh.Client, p => p.State == "rejected");
        var refused = Assert.Single((await _mesh.Control.StatusAsync()).Proxies).Types[type];
        Assert.Equal("rejected", refused.State);
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        await load.MoreAsync("v1", 100);

        _mesh.Control.Resources.Write("raw.yaml", Raw.File(good));
        await _mesh.Control.NodeAsync(Mesh.Client, p => p.State == "synced" && p.Types["cds"].Resources == 2);
        Assert.All(Assert.Single((await _mesh.Control.StatusAsync()).Proxies).Types.Values, t => Assert.Null(t.Error));
        await load.NoneFailedAsync();
    }
}

namespace Weft.Tests.Xds.Conformance;

/// <summary>Resources that a client drops by itself when it hears no more of them.</summary>
public sealed class LifetimeTests
{
    private const string Ttl = "xds.config.supports-resource-ttl";
    private const string Wrapped = "xds.config.supports-resource-in-sotw";

    [Theory, AllWires]
    public async Task B63_a_client_that_does_not_say_so_hears_of_no_time_to_live(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1~30s");
        using var peer = stage.Connect(wire, "rds");
        await peer.AskAsync("rds", "r");
        await peer.TakesAsync("rds r@1");
        stage.Time.Advance(TimeSpan.FromSeconds(60));
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B63_a_client_that_knows_of_times_to_live_is_told_them(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1~30s", "rds/s@1");
        using var peer = stage.Connect(wire, "rds");
        peer.Features = [Ttl, Wrapped];
        await peer.AskAsync("rds", "r", "s");
        await peer.TakesAsync("rds r@1~30s s@1");
    }

    [Theory, SotwWires]
    public async Task B63_in_state_of_the_world_it_must_also_say_that_it_unwraps(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1~30s");
        using (var peer = stage.Connect(wire, "rds"))
        {
            peer.Features = [Ttl];
            await peer.AskAsync("rds", "r");
            await peer.TakesAsync("rds r@1");
        }

        // That it unwraps does not say that it knows what a time to live is: gRPC says only this.
        using (var peer = stage.Connect(wire, "rds"))
        {
            peer.Features = ["xds.config.resource-in-sotw"];
            await peer.AskAsync("rds", "r");
            await peer.TakesAsync("rds r@1");
        }

        using (var peer = stage.Connect(wire, "rds"))
        {
            peer.Features = [Ttl, "xds.config.resource-in-sotw"];
            await peer.AskAsync("rds", "r");
            await peer.TakesAsync("rds r@1~30s");
        }
    }

    [Theory, AllWires]
    public async Task B64_a_heartbeat_comes_each_third_of_the_time_and_has_no_body(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1~30s", "rds/s@1");
        using var peer = stage.Connect(wire, "rds");
        peer.Features = [Ttl, Wrapped];
        await peer.AskAsync("rds", "r", "s");
        await peer.TakesAsync("rds r@1~30s s@1");
        var first = peer.Last("rds");
        for (var i = 0; i < 3; i++)
        {
            await AdvanceAsync(stage, peer, TimeSpan.FromSeconds(9.9));
            stage.Time.Advance(TimeSpan.FromSeconds(0.1));
            await peer.TakesAsync("rds r~30s");
            Assert.Equal(first.Version, peer.Last("rds").Version);
            Assert.Equal(first.Resources[0].Version, peer.Last("rds").Resources[0].Version);
        }

        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B64_only_what_the_client_has_is_told_again(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1~30s", "rds/s@1~30s", "rds/t@1~300s");
        using var peer = stage.Connect(wire, "rds");
        peer.Features = [Ttl, Wrapped];
        await peer.AskAsync("rds", "r", "t");
        await peer.TakesAsync("rds r@1~30s t@1~300s");
        await peer.AskAsync("rds", "t");
        stage.Time.Advance(TimeSpan.FromSeconds(100));
        await peer.TakesAsync("rds t~300s");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B64_a_client_that_rejects_the_newest_version_is_told_of_the_one_that_it_keeps(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1~30s");
        using var peer = stage.Connect(wire, "rds");
        peer.Features = [Ttl, Wrapped];
        await peer.AskAsync("rds", "r");
        await peer.TakesAsync("rds r@1~30s");
        var kept = peer.Last("rds");
        stage.Publish("rds/r@2~60s");
        await peer.HearsAsync("rds r@2~60s");
        // At once, for nothing was said of it while the other was on trial.
        await peer.NackAsync("rds");
        await peer.TakesAsync("rds r~30s");
        Assert.Equal(kept.Resources[0].Version, peer.Last("rds").Resources[0].Version);
        Assert.Equal(kept.Version, peer.Last("rds").Version);
        stage.Time.Advance(TimeSpan.FromSeconds(10));
        await peer.TakesAsync("rds r~30s");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B64_clusters_of_state_of_the_world_are_told_again_as_a_whole(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1~30s", "cds/b@1");
        using var peer = stage.Connect(wire, "cds");
        peer.Features = [Ttl, Wrapped];
        await peer.AskAsync("cds");
        await peer.TakesAsync("cds a@1~30s b@1");
        stage.Time.Advance(TimeSpan.FromSeconds(10));
        await peer.TakesAsync(wire is Wire.Sotw or Wire.SotwAlone ? "cds a@1~30s b@1" : "cds a~30s");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task B64_what_a_client_kept_from_an_earlier_stream_is_told_again_at_once(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1~30s");
        using var peer = stage.Delta(wire, "rds");
        peer.Features = [Ttl];
        await peer.ReturnAsync("rds", ["r"], "r@1~30s");
        await peer.TakesAsync("rds r~30s");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B65_a_time_to_live_changes_and_goes_by_sending_the_resource_again(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1~30s");
        using var peer = stage.Connect(wire, "rds");
        peer.Features = [Ttl, Wrapped];
        await peer.AskAsync("rds", "r");
        await peer.TakesAsync("rds r@1~30s");
        stage.Publish("rds/r@1~60s");
        await peer.TakesAsync("rds r@1~60s");
        stage.Publish("rds/r@1");
        await peer.TakesAsync("rds r@1");
        stage.Time.Advance(TimeSpan.FromSeconds(100));
        await peer.EndsSilentlyAsync();
    }

    // Nothing comes of it: what is asked for then is what is answered next.
    private static async Task AdvanceAsync(XdsStage stage, XdsPeer peer, TimeSpan by)
    {
        stage.Time.Advance(by);
        await peer.AskAsync("rds", "r");
        await peer.AskAsync("rds", "r", "s");
        await peer.TakesAsync("rds s@1");
    }
}

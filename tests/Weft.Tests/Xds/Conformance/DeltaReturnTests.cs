namespace Weft.Tests.Xds.Conformance;

/// <summary>Delta: a client that comes back and says what it has kept.</summary>
public sealed class DeltaReturnTests
{
    [Theory, DeltaWires]
    public async Task D40_what_is_named_and_kept_in_its_newest_version_is_not_sent(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1", "cds/b@2");
        using var peer = stage.Delta(wire, "cds");
        await peer.ReturnAsync("cds", ["a", "b"], "a@1", "b@1");
        await peer.TakesAsync("cds b@2");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D48_a_client_that_comes_back_is_told_only_what_has_changed(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("lds/a@1", "lds/b@2", "lds/d@1");
        using var peer = stage.Delta(wire, "lds");
        await peer.ReturnAsync("lds", [], "a@1", "b@1", "c@1");
        await peer.TakesAsync("lds b@2 d@1 -c");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D48_what_was_kept_but_is_not_asked_for_is_passed_over(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("lds/a@2", "lds/b@2");
        using var peer = stage.Delta(wire, "lds");
        await peer.ReturnAsync("lds", ["a"], "a@1", "b@1", "c@1");
        await peer.TakesAsync("lds a@2");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D48_versions_in_a_later_request_are_passed_over(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("lds/a@1", "lds/b@1");
        using var peer = stage.Delta(wire, "lds");
        await peer.SubscribeAsync("lds", "a");
        await peer.TakesAsync("lds a@1");
        await peer.ReturnAsync("lds", ["b"], "a@0", "b@1", "c@1");
        await peer.TakesAsync("lds b@1");
        await peer.EndsSilentlyAsync();
    }

    [Fact]
    public async Task D48_on_the_service_of_clusters_a_removal_waits_for_no_other_type()
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1");
        using var peer = stage.Delta(Wire.DeltaAlone, "cds");
        await peer.ReturnAsync("cds", [], "a@1", "b@1");
        await peer.TakesAsync("cds -b");
        await peer.EndsSilentlyAsync();
    }

    [Theory]
    [InlineData(Wire.Delta, "eds")]
    [InlineData(Wire.Delta, "sds")]
    [InlineData(Wire.DeltaAlone, "eds")]
    [InlineData(Wire.DeltaAlone, "sds")]
    public async Task D49_assignments_and_secrets_are_sent_whatever_was_kept(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1");
        using var peer = stage.Delta(wire, type);
        await peer.ReturnAsync(type, ["a"], "a@1");
        await peer.TakesAsync($"{type} a@1");
        await peer.EndsSilentlyAsync();
    }
}

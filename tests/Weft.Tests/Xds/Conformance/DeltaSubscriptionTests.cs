using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>Delta: what a client wants, and what it is told of it.</summary>
public sealed class DeltaSubscriptionTests
{
    [Theory, DeltaWires]
    public async Task D36_empty_lists_change_nothing(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a");
        await peer.TakesAsync("eds a@1");
        await peer.SubscribeAsync("eds");
        await peer.IsSilentAsync();
        stage.Publish("eds/a@2");
        await peer.HearsAsync("eds a@2");
    }

    [Theory, DeltaWires]
    public async Task D37_an_empty_first_request_is_a_wildcard_that_can_be_taken_back(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1", "cds/b@1");
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds");
        await peer.TakesAsync("cds a@1 b@1");
        await peer.SubscribeAsync("cds", "a");
        await peer.TakesAsync("cds a@1");
        await peer.UnsubscribeAsync("cds", "*");
        stage.Publish("cds/a@1", "cds/b@2");
        await peer.IsSilentAsync();
        stage.Publish("cds/a@2", "cds/b@2");
        await peer.TakesAsync("cds a@2");
        await peer.UnsubscribeAsync("cds", "a");
        stage.Publish("cds/a@3", "cds/b@3");
        await peer.SubscribeAsync("cds");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D37_a_first_request_that_only_unsubscribes_is_no_wildcard(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1");
        using var peer = stage.Delta(wire, "cds");
        await peer.UnsubscribeAsync("cds", "b");
        await peer.SubscribeAsync("cds");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D37_an_empty_first_request_of_another_type_asks_for_nothing(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D38_the_star_comes_and_goes_beside_names(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a");
        await peer.TakesAsync("eds a@1");
        await peer.SubscribeAsync("eds", "*");
        await peer.TakesAsync("eds b@1");
        await peer.UnsubscribeAsync("eds", "*");
        stage.Publish("eds/a@1", "eds/b@2");
        await peer.IsSilentAsync();
        stage.Publish("eds/a@2", "eds/b@2");
        await peer.TakesAsync("eds a@2");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D39_a_name_that_is_subscribed_again_is_sent_again(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1", "cds/b@1");
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds", "a", "b");
        await peer.TakesAsync("cds a@1 b@1");
        await peer.SubscribeAsync("cds", "a");
        await peer.TakesAsync("cds a@1");
        var removedThenAdded = peer.Request("cds", ["a"], []);
        await peer.UnsubscribeAsync("cds", "a");
        await peer.SendAsync(removedThenAdded);
        await peer.TakesAsync("cds a@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D41_what_is_unsubscribed_is_sent_no_more(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a", "b");
        await peer.TakesAsync("eds a@1 b@1");
        await peer.UnsubscribeAsync("eds", "a");
        stage.Publish("eds/a@2", "eds/b@2");
        await peer.TakesAsync("eds b@2");
        stage.Publish("eds/b@2");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D42_to_unsubscribe_what_was_never_subscribed_is_passed_over(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1", "cds/b@1");
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds", "a");
        await peer.TakesAsync("cds a@1");
        await peer.UnsubscribeAsync("cds", "b", "nothing", "*");
        stage.Publish("cds/a@2", "cds/b@2");
        await peer.TakesAsync("cds a@2");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D43_a_name_unsubscribed_under_the_wildcard_is_answered_with_what_there_is(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1", "cds/b@1");
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds", "*", "a", "gone");
        await peer.TakesAsync("cds a@1 b@1 -gone");
        await peer.UnsubscribeAsync("cds", "a");
        await peer.TakesAsync("cds a@1");
        await peer.UnsubscribeAsync("cds", "gone");
        await peer.TakesAsync("cds -gone");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D44_a_name_that_does_not_exist_is_reported_removed_and_sent_when_it_comes_to_be(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync();
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds", "on-demand");
        await peer.TakesAsync("cds -on-demand");
        stage.Publish("cds/on-demand@1");
        await peer.TakesAsync("cds on-demand@1");
        await peer.SubscribeAsync("cds", "other");
        await peer.TakesAsync("cds -other");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D45_a_deletion_is_reported_once(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1", "eds/c@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a", "b");
        await peer.TakesAsync("eds a@1 b@1");
        stage.Publish("eds/b@1");
        await peer.TakesAsync("eds -a");
        stage.Publish("eds/b@2");
        await peer.TakesAsync("eds b@2");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D45_a_deletion_under_the_wildcard_is_reported_once(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("lds/a@1", "lds/b@1");
        using var peer = stage.Delta(wire, "lds");
        await peer.SubscribeAsync("lds");
        await peer.TakesAsync("lds a@1 b@1");
        stage.Publish("lds/b@1");
        await peer.TakesAsync("lds -a");
        stage.Publish("lds/b@2");
        await peer.TakesAsync("lds b@2");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D46_subscriptions_count_whatever_nonce_they_come_with(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1", "eds/c@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a");
        var stale = (await peer.NextAsync()).Nonce;
        stage.Publish("eds/a@2", "eds/b@1", "eds/c@1");
        await peer.TakesAsync("eds a@2");
        var request = peer.Request("eds", ["b"], ["a"]);
        request.ResponseNonce = stale;
        await peer.SendAsync(request);
        await peer.TakesAsync("eds b@1");
        request = peer.Request("eds", ["c"], []);
        (request.ResponseNonce, request.ErrorDetail) = ("never given", new() { Message = "no" });
        await peer.SendAsync(request);
        await peer.TakesAsync("eds c@1");
        stage.Publish("eds/a@3", "eds/b@2", "eds/c@1");
        await peer.TakesAsync("eds b@2");
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Synced, stage.StatusOf("eds").State);
    }

    [Theory, DeltaWires]
    public async Task D47_a_request_without_a_nonce_answers_nothing(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        await peer.SubscribeAsync("eds", "b");
        await peer.HearsAsync("eds b@1");
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Pending, stage.StatusOf("eds").State);
    }

    [Theory, DeltaWires]
    public async Task D47_an_ACK_may_bring_subscriptions(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        var ack = peer.Request("eds", ["b"], ["a"]);
        ack.ResponseNonce = peer.Last("eds").Nonce;
        await peer.SendAsync(ack);
        await peer.TakesAsync("eds b@1");
        stage.Publish("eds/a@2", "eds/b@1");
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Synced, stage.StatusOf("eds").State);
    }

    [Theory, DeltaWires]
    public async Task D52_a_version_changes_exactly_when_the_bytes_do(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        var first = peer.Last("eds").Resources[0].Version;
        stage.Publish("eds/a@2");
        await peer.HearsAsync("eds a@2");
        Assert.NotEqual(first, peer.Last("eds").Resources[0].Version);
        stage.Publish("eds/a@1");
        await peer.HearsAsync("eds a@1");
        Assert.Equal(first, peer.Last("eds").Resources[0].Version);
    }
}

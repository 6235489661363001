using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>What a client accepts and what it rejects.</summary>
public sealed class AckTests
{
    [Theory, SotwWires]
    public async Task B16_an_answer_without_error_detail_is_an_ACK_whatever_its_version(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Sotw(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        var answer = peer.Request("eds", peer.Last("eds").Nonce);
        answer.VersionInfo = "another";
        await peer.SendAsync(answer);
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Synced, stage.StatusOf("eds").State);
    }

    [Theory, AllWires]
    public async Task B16_an_answer_with_error_detail_is_a_NACK(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        await peer.NackAsync("eds", "no such zone");
        await peer.EndsSilentlyAsync();
        Assert.Equal((SyncState.Rejected, "no such zone"), (stage.StatusOf("eds").State, stage.StatusOf("eds").Error));
    }

    [Theory, AllWires]
    public async Task B17_a_nacked_version_is_not_sent_again_until_something_changes(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a", "b");
        await peer.HearsAsync("eds a@1 b@1");
        await peer.NackAsync("eds", "a: no; b: no");
        await peer.HearsAsync("eds b@1");
        await peer.NackAsync("eds", "b: no");
        await peer.HearsAsync("eds a@1");
        await peer.NackAsync("eds", "a: no");
        stage.Publish("eds/a@1", "eds/b@2");
        await peer.HearsAsync("eds b@2");
        await peer.NackAsync("eds");
        stage.Publish("eds/a@2", "eds/b@2");
        await peer.HearsAsync("eds a@2");
        await peer.NackAsync("eds");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B17_the_one_that_a_NACK_names_is_kept_back_and_the_others_are_sent_again(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1", "eds/c@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a", "b", "c");
        await peer.HearsAsync("eds a@1 b@1 c@1");
        await peer.NackAsync("eds", "b: no such zone");
        await peer.TakesAsync("eds a@1 c@1");
        stage.Publish("eds/a@1", "eds/b@2", "eds/c@1");
        await peer.TakesAsync("eds b@2");
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Synced, stage.StatusOf("eds").State);
    }

    [Theory, AllWires]
    public async Task B17_where_a_NACK_names_none_halves_are_tried_until_the_one_at_fault_is_alone(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1", "cds/b@1", "cds/c@1");
        using var peer = stage.Connect(wire, "cds");
        var isDelta = wire is Wire.Delta or Wire.DeltaAlone;
        await peer.AskAsync("cds");
        await peer.TakesAsync("cds a@1 b@1 c@1");
        stage.Publish("cds/a@2", "cds/b@2", "cds/c@2");
        await peer.HearsAsync("cds a@2 b@2 c@2");
        await peer.NackAsync("cds");
        await peer.TakesAsync(isDelta ? "cds a@2" : "cds a@2 b@1 c@1");
        await peer.HearsAsync(isDelta ? "cds b@2 c@2" : "cds a@2 b@2 c@2");
        await peer.NackAsync("cds");
        await peer.TakesAsync(isDelta ? "cds b@2" : "cds a@2 b@2 c@1");
        await peer.HearsAsync(isDelta ? "cds c@2" : "cds a@2 b@2 c@2");
        await peer.NackAsync("cds");
        if (!isDelta)
        {
            // The whole is said again without what it rejects: what went with that may have been lost.
            await peer.TakesAsync("cds a@2 b@2 c@1");
        }

        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Rejected, stage.StatusOf("cds").State);
    }

    [Theory, AllWires]
    public async Task B17_a_client_that_has_just_started_is_given_what_its_group_accepted_last(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1");
        using var first = stage.Connect(wire, "cds");
        await first.AskAsync("cds");
        await first.TakesAsync("cds a@1");
        stage.Publish("cds/a@2");
        await first.HearsAsync("cds a@2");
        await first.NackAsync("cds");
        using var second = stage.Connect(wire, "cds");
        await second.AskAsync("cds");
        await second.HearsAsync("cds a@2");
        await second.NackAsync("cds");
        await second.TakesAsync("cds a@1");
        await second.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B17_a_client_that_rejects_everything_is_not_answered_for_that(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1");
        using var peer = stage.Connect(wire, "cds");
        await peer.AskAsync("cds");
        await peer.HearsAsync("cds a@1");
        for (var i = 0; i < 10; i++)
        {
            await peer.NackAsync("cds");
        }

        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B18_after_a_NACK_the_next_version_is_sent_and_may_be_accepted(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        await peer.NackAsync("eds");
        stage.Publish("eds/a@2");
        await peer.TakesAsync("eds a@2");
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Synced, stage.StatusOf("eds").State);
    }

    [Theory, SotwWires]
    public async Task S19_names_that_come_with_a_NACK_count(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Sotw(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        var answer = peer.Request("eds", peer.Last("eds").Nonce);
        answer.ResourceNames.Add("b");
        answer.ErrorDetail = new() { Message = "no" };
        await peer.SendAsync(answer);
        await peer.HearsAsync("eds b@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S20_a_NACK_names_the_last_good_version_which_may_be_the_rejected_one(bool same)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Sotw(Wire.Sotw, "eds");
        await peer.AskAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        var answer = peer.Request("eds", peer.Last("eds").Nonce);
        answer.VersionInfo = same ? peer.Last("eds").Version : "";
        answer.ErrorDetail = new() { Message = "no" };
        await peer.SendAsync(answer);
        await peer.IsSilentAsync();
        Assert.Equal(SyncState.Rejected, stage.StatusOf("eds").State);
        stage.Publish("eds/a@2");
        await peer.HearsAsync("eds a@2");
    }

    [Theory, DeltaWires]
    public async Task D21_subscriptions_that_come_with_a_NACK_count(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        var answer = peer.Request("eds", ["b"], ["a"]);
        (answer.ResponseNonce, answer.ErrorDetail) = (peer.Last("eds").Nonce, new() { Message = "no" });
        await peer.SendAsync(answer);
        await peer.TakesAsync("eds b@1");
        stage.Publish("eds/a@2", "eds/b@2");
        await peer.TakesAsync("eds b@2");
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Synced, stage.StatusOf("eds").State);
    }

    [Theory, DeltaWires]
    public async Task D21_after_a_NACK_of_several_only_what_changes_is_sent_again(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a", "b");
        await peer.HearsAsync("eds a@1 b@1");
        await peer.NackAsync("eds", "a: no");
        await peer.TakesAsync("eds b@1");
        stage.Publish("eds/a@1", "eds/b@2");
        await peer.TakesAsync("eds b@2");
        await peer.EndsSilentlyAsync();
        // The other one is not in force there.
        Assert.Equal(SyncState.Rejected, stage.StatusOf("eds").State);
    }

    [Theory, AllWires]
    public async Task B21a_the_code_of_an_error_does_not_matter(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync();
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a");
        if (wire is Wire.Delta or Wire.DeltaAlone)
        {
            await peer.TakesAsync("eds -a");
        }

        foreach (var code in new[] { 3, 13, 0 })
        {
            stage.Publish($"eds/a@{code}");
            await peer.HearsAsync($"eds a@{code}");
            await peer.NackAsync("eds", "", code);
        }

        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Rejected, stage.StatusOf("eds").State);
    }
}

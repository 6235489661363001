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
        await peer.NackAsync("eds");
        stage.Publish("eds/a@1", "eds/b@2");
        await peer.HearsAsync("eds b@2");
        await peer.NackAsync("eds");
        stage.Publish("eds/a@2", "eds/b@2");
        await peer.HearsAsync("eds a@2");
        await peer.NackAsync("eds");
        await peer.EndsSilentlyAsync();
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
        await peer.NackAsync("eds");
        stage.Publish("eds/a@1", "eds/b@2");
        await peer.TakesAsync("eds b@2");
        await peer.EndsSilentlyAsync();
        // The other one may or may not be in force there.
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

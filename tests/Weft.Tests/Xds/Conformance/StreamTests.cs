using Grpc.Core;
using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>Streams, nodes, nonces, types: what holds on every wire.</summary>
public sealed class StreamTests
{
    public static TheoryData<string, bool> Alone => [.. Services.Types.SelectMany(type => new[] { (type, false), (type, true) })];

    [Theory, AllWires]
    public async Task B1_the_node_is_remembered_from_the_first_request(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync();
        stage.PublishTo("n", "eds/a@1", "eds/b@1", "eds/c@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.TakesAsync("eds a@1");
        await peer.AskAsync("eds", "a", "b");
        await peer.TakesAsync("eds b@1");
        peer.NamesNode = true;
        await peer.AskAsync("eds", "a", "b", "c");
        await peer.HearsAsync("eds c@1");
    }

    [Theory, AllWires]
    public async Task B2_each_response_has_a_nonce_of_its_own(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a");
        var nonces = new HashSet<string> { (await peer.NextAsync()).Nonce };
        stage.Publish("eds/a@2");
        Assert.True(nonces.Add((await peer.NextAsync()).Nonce));
        stage.Publish("eds/a@1");
        Assert.True(nonces.Add((await peer.NextAsync()).Nonce));
        Assert.DoesNotContain("", nonces);
    }

    [Theory, AllWires]
    public async Task B2_a_nonce_of_an_earlier_stream_means_nothing(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using (var former = stage.Connect(wire, "eds"))
        {
            await former.AskAsync("eds", "a");
            await former.HearsAsync("eds a@1");
            using var peer = stage.Connect(wire, "eds");
            await peer.AnswerAsync(former.Last("eds"), new() { Message = "of the former stream" });
            await peer.AskAsync("eds", "a");
            await peer.HearsAsync("eds a@1");
            await peer.EndsSilentlyAsync();
            await former.EndsSilentlyAsync();
        }

        Assert.Equal(SyncState.Pending, stage.StatusOf("eds").State);
    }

    [Theory, SotwWires]
    public async Task B3_a_version_of_an_earlier_stream_is_no_ACK(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Sotw(wire, "eds");
        var request = peer.Request("eds", "");
        request.VersionInfo = stage.Server.Groups.Value.Default!.Of(TypeUrl.Endpoints).Version;
        request.ResourceNames.Add("a");
        await peer.SendAsync(request);
        await peer.HearsAsync("eds a@1");
        Assert.Equal(request.VersionInfo, peer.Last("eds").Version);
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Pending, stage.StatusOf("eds").State);
    }

    [Theory, AggregatedWires]
    public async Task B5_a_request_of_no_type_is_an_error_on_the_aggregated_stream(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Connect(wire, "eds");
        peer.IsToFail = true;
        await peer.AskAsync("", "a");
        Assert.Equal(StatusCode.InvalidArgument, await peer.FailsAsync());
    }

    [Theory, MemberData(nameof(Alone))]
    public async Task B5_on_the_service_of_one_type_no_type_means_that_type(string type, bool delta)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1", $"{type}/b@1");
        using var peer = stage.Connect(delta ? Wire.DeltaAlone : Wire.SotwAlone, type);
        await peer.AskAsync(type, "a");
        await peer.TakesAsync($"{type} a@1");
        stage.Publish($"{type}/a@2", $"{type}/b@2");
        await peer.TakesAsync($"{type} a@2");
        await peer.EndsSilentlyAsync();
    }

    [Fact]
    public async Task B5_on_the_service_of_one_type_that_type_may_be_said()
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var sotw = stage.Sotw(Wire.SotwAlone, "eds");
        await sotw.SendAsync(new() { TypeUrl = TypeUrl.Endpoints, ResourceNames = { "a" } });
        await sotw.HearsAsync("eds a@1");
        using var delta = stage.Delta(Wire.DeltaAlone, "eds");
        await delta.SendAsync(new() { TypeUrl = TypeUrl.Endpoints, ResourceNamesSubscribe = { "a" } });
        await delta.HearsAsync("eds a@1");
    }

    [Fact]
    public async Task B5_on_the_service_of_one_type_another_type_is_an_error()
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1", "eds/a@1");
        using var sotw = stage.Sotw(Wire.SotwAlone, "eds");
        sotw.IsToFail = true;
        await sotw.SendAsync(new() { TypeUrl = TypeUrl.Cluster });
        Assert.Equal(StatusCode.InvalidArgument, await sotw.FailsAsync());
        using var delta = stage.Delta(Wire.DeltaAlone, "eds");
        delta.IsToFail = true;
        await delta.SendAsync(new() { TypeUrl = TypeUrl.Cluster });
        Assert.Equal(StatusCode.InvalidArgument, await delta.FailsAsync());
    }

    // The peers compare the types of each response with those of what is in it.
    [Theory, AggregatedWires]
    public async Task B6_a_response_holds_resources_of_its_own_type(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync([.. Services.Types.Select(type => $"{type}/a@1")]);
        using var peer = stage.Connect(wire, "");
        foreach (var type in Services.Types)
        {
            await peer.AskAsync(type, "a");
            await peer.TakesAsync($"{type} a@1");
        }
    }

    [Theory, AllWires]
    public async Task B7_a_name_that_is_wanted_twice_is_sent_once(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1", "cds/b@1");
        using var peer = stage.Connect(wire, "cds");
        await peer.AskAsync("cds", "*", "a", "a");
        await peer.HearsAsync("cds a@1 b@1");
        await peer.EndsSilentlyAsync();
    }

    [Fact]
    public async Task B7_two_resources_of_one_name_cannot_be_published()
    {
        await using var stage = await XdsStage.StartAsync();
        Assert.Throws<ArgumentException>(() => stage.Publish("cds/a@1", "cds/a@2"));
    }

    [Theory, AggregatedWires]
    public async Task B8_what_is_said_of_one_type_changes_nothing_for_another(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "rds/r@1");
        using var peer = stage.Connect(wire, "");
        await peer.AskAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        await peer.AskAsync("rds", "r");
        await peer.HearsAsync("rds r@1");
        await peer.NackAsync("rds");
        await peer.IsSilentAsync();
        Assert.Equal((SyncState.Rejected, SyncState.Pending), (stage.StatusOf("rds").State, stage.StatusOf("eds").State));
        await peer.AckAsync("eds");
        stage.Publish("eds/a@2", "rds/r@1");
        await peer.TakesAsync("eds a@2");
        await peer.IsSilentAsync();
        Assert.Equal((SyncState.Rejected, SyncState.Synced), (stage.StatusOf("rds").State, stage.StatusOf("eds").State));
    }

    [Theory, AggregatedWires]
    public async Task B9_a_type_that_nobody_serves_breaks_nothing(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Connect(wire, "");
        await peer.AskAsync("example.org/Unknown", "x");
        if (wire == Wire.Delta)
        {
            await peer.HearsAsync("Unknown -x");
        }

        await peer.AskAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B10_the_newest_request_of_a_type_is_what_counts(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.AskAsync("eds", "b");
        await peer.HearsAsync("eds a@1", "eds b@1");
        stage.Publish("eds/a@2", "eds/b@2");
        await peer.HearsAsync("eds b@2");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B11_where_nothing_has_changed_nothing_is_sent(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.TakesAsync("eds a@1");
        stage.Publish("eds/a@1");
        await peer.AckAsync("eds");
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Synced, stage.StatusOf("eds").State);
    }

    [Theory, AllWires]
    public async Task B12_changes_are_pushed_and_wait_for_no_answer(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        stage.Publish("eds/a@2");
        await peer.HearsAsync("eds a@2");
        stage.Publish("eds/a@3");
        await peer.HearsAsync("eds a@3");
    }

    [Theory, AllWires]
    public async Task B13_what_was_not_asked_for_is_not_sent(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1", "cds/b@1");
        using var peer = stage.Connect(wire, "cds");
        await peer.AskAsync("cds", "a");
        await peer.TakesAsync("cds a@1");
        stage.Publish("cds/a@1", "cds/b@2", "cds/c@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B14_each_response_says_which_control_plane_it_is_of(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(new XdsServerSettings { ControlPlaneIdentifier = "cp-1" });
        stage.Publish("eds/a@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a");
        // The peers compare the identifier of each response with the server's setting.
        await peer.HearsAsync("eds a@1");
    }

    [Theory, AllWires]
    public async Task B15_a_client_may_close_its_half(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using var peer = stage.Connect(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.HearsAsync("eds a@1");
        await peer.EndsSilentlyAsync();
        Assert.NotNull(Assert.Single(stage.Server.Clients).DisconnectedAt);
    }

    [Theory, AllWires]
    public async Task B15_a_client_may_go_without_a_word(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1");
        using (var peer = stage.Connect(wire, "eds"))
        {
            await peer.AskAsync("eds", "a");
            await peer.HearsAsync("eds a@1");
        }

        while (Assert.Single(stage.Server.Clients).DisconnectedAt is null)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

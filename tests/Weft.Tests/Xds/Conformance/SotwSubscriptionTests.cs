using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>State of the world: what a client wants, and what it is told of it.</summary>
public sealed class SotwSubscriptionTests
{
    public static TheoryData<Wire, string> ByName => Rows("cds", "eds", "lds", "rds");

    public static TheoryData<Wire, string> Whole => Rows("cds", "lds");

    public static TheoryData<Wire, string> Parts => Rows("eds", "rds", "sds");

    [Theory, MemberData(nameof(ByName))]
    public async Task S4_a_client_that_comes_back_is_given_all_it_names_though_nothing_has_changed(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1", $"{type}/b@1");
        using var peer = stage.Sotw(wire, type);
        var request = peer.Request(type, "");
        request.ResourceNames.AddRange(["a", "b"]);
        request.VersionInfo = stage.Server.Groups.Value.Default!.Of(ShortType.Url(type)).Version;
        await peer.SendAsync(request);
        await peer.HearsAsync($"{type} a@1 b@1");
        Assert.Equal(request.VersionInfo, peer.Last(type).Version);
    }

    [Theory, SotwWires]
    public async Task S22_a_name_that_is_new_is_answered_though_the_resource_has_not_changed(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Sotw(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.TakesAsync("eds a@1");
        await peer.AskAsync("eds", "a", "b");
        await peer.TakesAsync("eds b@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, MemberData(nameof(Whole))]
    public async Task S22_a_name_that_is_new_is_answered_though_the_wildcard_had_brought_it(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1", $"{type}/b@1");
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type);
        await peer.TakesAsync($"{type} a@1 b@1");
        await peer.AskAsync(type, "*", "a");
        await peer.TakesAsync($"{type} a@1 b@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, SotwWires]
    public async Task S23_a_name_that_was_dropped_and_comes_back_is_answered_again(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Sotw(wire, "eds");
        await peer.AskAsync("eds", "a", "b");
        await peer.TakesAsync("eds a@1 b@1");
        await peer.AskAsync("eds", "a");
        await peer.AskAsync("eds", "a", "b");
        await peer.TakesAsync("eds b@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, MemberData(nameof(ByName))]
    public async Task S24_after_any_name_an_empty_list_asks_for_nothing(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1");
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type, "a");
        await peer.TakesAsync($"{type} a@1");
        await peer.AskAsync(type);
        stage.Publish($"{type}/a@2", $"{type}/b@1");
        await peer.AskAsync(type);
        await peer.EndsSilentlyAsync();
    }

    [Theory, MemberData(nameof(Whole))]
    public async Task S25_an_empty_first_list_is_a_wildcard_until_a_name_is_said(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1", $"{type}/b@1");
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type);
        await peer.TakesAsync($"{type} a@1 b@1");
        await peer.AskAsync(type);
        stage.Publish($"{type}/a@1", $"{type}/b@1", $"{type}/c@1");
        await peer.TakesAsync($"{type} a@1 b@1 c@1");
        await peer.AskAsync(type, "*", "a");
        await peer.TakesAsync($"{type} a@1 b@1 c@1");
        stage.Publish($"{type}/a@1", $"{type}/b@2", $"{type}/c@1");
        await peer.TakesAsync($"{type} a@1 b@2 c@1");
        await peer.AskAsync(type, "a");
        stage.Publish($"{type}/a@1", $"{type}/b@3");
        await peer.AckAsync(type);
        stage.Publish($"{type}/a@2", $"{type}/b@3");
        await peer.TakesAsync($"{type} a@2");
        await peer.AskAsync(type);
        stage.Publish($"{type}/a@3", $"{type}/b@3");
        await peer.AskAsync(type);
        await peer.EndsSilentlyAsync();
    }

    [Theory, MemberData(nameof(Parts))]
    public async Task S26_an_empty_first_list_of_another_type_asks_for_nothing(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1", $"{type}/b@1");
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type);
        await peer.AskAsync(type, "a");
        await peer.HearsAsync($"{type} a@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, MemberData(nameof(Parts))]
    public async Task S26_a_star_asks_for_everything_of_any_type(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1", $"{type}/b@1");
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type, "*");
        await peer.HearsAsync($"{type} a@1 b@1");
    }

    [Theory, MemberData(nameof(Whole))]
    public async Task S27_a_response_of_clusters_or_listeners_is_the_whole(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1", $"{type}/b@1", $"{type}/c@1");
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type);
        await peer.TakesAsync($"{type} a@1 b@1 c@1");
        stage.Publish($"{type}/a@1", $"{type}/b@2", $"{type}/c@1");
        await peer.TakesAsync($"{type} a@1 b@2 c@1");
        stage.Publish($"{type}/a@1", $"{type}/b@2");
        await peer.TakesAsync($"{type} a@1 b@2");
        stage.Publish();
        await peer.TakesAsync(type);
        await peer.EndsSilentlyAsync();
    }

    [Theory, MemberData(nameof(Parts))]
    public async Task S28_a_response_of_another_type_holds_what_has_changed_and_takes_nothing_away(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1", $"{type}/b@1");
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type, "a", "b");
        await peer.TakesAsync($"{type} a@1 b@1");
        stage.Publish($"{type}/a@1", $"{type}/b@2");
        await peer.TakesAsync($"{type} b@2");
        stage.Publish($"{type}/b@2");
        await peer.AckAsync(type);
        stage.Publish($"{type}/b@3");
        await peer.TakesAsync($"{type} b@3");
        await peer.EndsSilentlyAsync();
    }

    [Theory, MemberData(nameof(ByName))]
    public async Task S29_what_exists_is_sent_at_once_and_the_rest_when_it_comes_to_be(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1");
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type, "a", "late");
        await peer.TakesAsync($"{type} a@1");
        stage.Publish($"{type}/a@1", $"{type}/late@1");
        await peer.TakesAsync(type is "cds" or "lds" ? $"{type} a@1 late@1" : $"{type} late@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, MemberData(nameof(Whole))]
    public async Task S30_a_named_resource_that_is_deleted_is_missing_from_the_next_response(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1", $"{type}/b@1");
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type, "a", "b", "never");
        await peer.TakesAsync($"{type} a@1 b@1");
        stage.Publish($"{type}/a@1");
        await peer.TakesAsync($"{type} a@1");
        stage.Publish();
        await peer.TakesAsync(type);
        await peer.EndsSilentlyAsync();
    }

    [Theory, MemberData(nameof(ByName))]
    public async Task S30_a_named_resource_that_never_was_is_not_answered(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync();
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type, "never");
        await peer.EndsSilentlyAsync();
    }

    [Theory, SotwWires]
    public async Task S31_names_may_be_added_one_by_one_on_one_stream(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1", "eds/c@1");
        using var peer = stage.Sotw(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.TakesAsync("eds a@1");
        await peer.AskAsync("eds", "a", "b");
        await peer.TakesAsync("eds b@1");
        await peer.AskAsync("eds", "a", "b", "c");
        await peer.TakesAsync("eds c@1");
        stage.Publish("eds/a@2", "eds/b@2", "eds/c@2");
        await peer.TakesAsync("eds a@2 b@2 c@2");
    }

    [Theory, SotwWires]
    public async Task S31_names_may_be_asked_for_on_a_stream_each(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var first = stage.Sotw(wire, "eds");
        using var second = stage.Sotw(wire, "eds");
        await first.AskAsync("eds", "a");
        await second.AskAsync("eds", "b");
        await first.TakesAsync("eds a@1");
        await second.TakesAsync("eds b@1");
        stage.Publish("eds/a@2", "eds/b@2");
        await first.TakesAsync("eds a@2");
        await second.TakesAsync("eds b@2");
        await first.EndsSilentlyAsync();
        await second.EndsSilentlyAsync();
    }

    [Theory, SotwWires]
    public async Task S32_a_request_with_a_stale_nonce_is_neither_answered_nor_an_answer(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Sotw(wire, "eds");
        await peer.AskAsync("eds", "a");
        var stale = await peer.NextAsync();
        stage.Publish("eds/a@2", "eds/b@1");
        await peer.HearsAsync("eds a@2");
        var request = peer.Request("eds", stale.Nonce);
        request.ResourceNames.Add("b");
        await peer.SendAsync(request);
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Pending, stage.StatusOf("eds").State);
    }

    [Theory, SotwWires]
    public async Task S33_names_of_a_stale_request_are_served_with_the_next_fresh_one(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Sotw(wire, "eds");
        await peer.AskAsync("eds", "a");
        var stale = (await peer.NextAsync()).Nonce;
        stage.Publish("eds/a@2", "eds/b@1");
        await peer.HearsAsync("eds a@2");
        var request = peer.Request("eds", stale);
        request.ResourceNames.Add("b");
        await peer.SendAsync(request);
        await peer.AskAsync("eds", "a", "b");
        await peer.TakesAsync("eds b@1");
        await peer.EndsSilentlyAsync();
        Assert.Equal(SyncState.Synced, stage.StatusOf("eds").State);
    }

    [Theory, SotwWires]
    public async Task S34_of_two_requests_with_one_nonce_the_second_ones_names_are_answered(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("eds/a@1", "eds/b@1");
        using var peer = stage.Sotw(wire, "eds");
        await peer.AskAsync("eds", "a");
        await peer.TakesAsync("eds a@1");
        await peer.AskAsync("eds", "a", "b");
        await peer.HearsAsync("eds b@1");
    }

    [Theory, MemberData(nameof(ByName))]
    public async Task S35_a_request_that_asks_for_what_is_there_is_not_answered(Wire wire, string type)
    {
        await using var stage = await XdsStage.StartAsync($"{type}/a@1");
        using var peer = stage.Sotw(wire, type);
        await peer.AskAsync(type, "a");
        await peer.TakesAsync($"{type} a@1");
        await peer.AskAsync(type, "a");
        await peer.EndsSilentlyAsync();
    }

    private static TheoryData<Wire, string> Rows(params string[] types) =>
        [.. types.SelectMany(type => new[] { (Wire.Sotw, type), (Wire.SotwAlone, type) })];
}

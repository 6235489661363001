using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>What a client asks for and cannot have, told by <c>resource_errors</c>.</summary>
public sealed class ResourceErrorTests
{
    private static readonly XdsServerSettings Telling = new() { TellsResourceErrors = true };

    [Theory, AllWires]
    public async Task B66_a_name_that_does_not_exist_is_told_once_until_it_appears(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(Telling);
        stage.Publish("rds/r@1");
        using var peer = stage.Connect(wire, "rds");
        await peer.AskAsync("rds", "r", "s", "t");
        await peer.TakesAsync("rds r@1 s!5 t!5");
        stage.Publish("rds/r@2");
        await peer.TakesAsync("rds r@2");
        stage.Publish("rds/r@2", "rds/s@1");
        await peer.TakesAsync("rds s@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B66_nothing_but_an_error_is_an_answer(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(Telling);
        stage.Publish();
        using var peer = stage.Connect(wire, "cds");
        await peer.AskAsync("cds", "a");
        await peer.TakesAsync("cds a!5");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B66_clusters_that_there_are_stand_beside_the_errors_of_others(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(Telling);
        stage.Publish("cds/a@1");
        using var peer = stage.Connect(wire, "cds");
        await peer.AskAsync("cds", "a");
        await peer.TakesAsync("cds a@1");
        await peer.AskAsync("cds", "a", "b");
        // "It must still include all of the subscribed resources that it can return in that response" (TP3).
        await peer.TakesAsync(wire is Wire.Sotw or Wire.SotwAlone ? "cds a@1 b!5" : "cds b!5");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B66_a_resource_that_is_deleted_is_told_as_gone_once(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(Telling);
        stage.Publish("rds/r@1", "rds/s@1");
        using var peer = stage.Connect(wire, "rds");
        await peer.AskAsync("rds", "r", "s");
        await peer.TakesAsync("rds r@1 s@1");
        stage.Publish("rds/r@1");
        await peer.TakesAsync(wire is Wire.Sotw or Wire.SotwAlone ? "rds s!5" : "rds -s");
        stage.Publish("rds/r@2");
        await peer.TakesAsync("rds r@2");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B66_a_name_that_is_asked_for_again_is_told_again(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(Telling);
        stage.Publish("rds/r@1");
        using var peer = stage.Connect(wire, "rds");
        await peer.AskAsync("rds", "r", "s");
        await peer.TakesAsync("rds r@1 s!5");
        await peer.AskAsync("rds", "r");
        await peer.AskAsync("rds", "r", "s");
        await peer.TakesAsync("rds s!5");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AggregatedWires]
    public async Task B66_an_assignment_that_an_empty_one_stands_for_has_no_error(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(Telling);
        stage.Publish("cds/a@1>a");
        using var peer = stage.Connect(wire, "cds");
        await peer.AskAsync("cds", "a");
        await peer.TakesAsync("cds a@1");
        await peer.AskAsync("eds", "a", "b");
        await peer.TakesAsync(wire == Wire.Sotw ? "eds ? b!5" : "eds a!5 b!5");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B66_without_the_setting_nothing_is_told_of_errors(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1");
        stage.PublishWith(["rds/s!14"], "rds/r@1");
        using var peer = stage.Connect(wire, "rds");
        await peer.AskAsync("rds", "r", "s");
        await peer.TakesAsync(wire is Wire.Sotw or Wire.SotwAlone ? "rds r@1" : "rds r@1 -s");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B66_Envoy_which_does_not_read_them_is_told_as_before(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(Telling);
        stage.Publish("rds/r@1");
        using var peer = stage.Connect(wire, "rds");
        peer.UserAgent = "envoy";
        await peer.AskAsync("rds", "r", "s");
        await peer.TakesAsync(wire is Wire.Sotw or Wire.SotwAlone ? "rds r@1" : "rds r@1 -s");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B67_a_publisher_says_what_is_wrong_and_each_change_of_it_is_told(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(Telling);
        stage.PublishWith(["rds/s!7", "rds/t!14"], "rds/r@1");
        using var peer = stage.Connect(wire, "rds");
        await peer.AskAsync("rds", "r", "s", "t");
        await peer.TakesAsync("rds r@1 s!7 t!14");
        stage.PublishWith(["rds/s!7", "rds/t!3"], "rds/r@1");
        await peer.TakesAsync("rds t!3");
        stage.PublishWith(["rds/s!7"], "rds/r@1");
        await peer.TakesAsync("rds t!5");
        stage.PublishWith(["rds/s!7"], "rds/r@1", "rds/s@1");
        await peer.TakesAsync("rds s@1");
        await peer.EndsSilentlyAsync();
    }
}

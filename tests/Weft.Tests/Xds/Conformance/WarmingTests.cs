using Envoy.Config.Endpoint.V3;
using Google.Protobuf;

namespace Weft.Tests.Xds.Conformance;

/// <summary>What goes before what, and what must be sent again. The server's clock stands still: nothing here is a timeout.</summary>
public sealed class WarmingTests
{
    [Theory, AggregatedWires]
    public async Task B55_a_changed_cluster_is_followed_by_its_assignment_though_that_has_not_changed(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1>a", "cds/b@1>b", "eds/a@1", "eds/b@1");
        using var peer = stage.Connect(wire, "");
        await peer.AskAsync("cds");
        await peer.TakesAsync("cds a@1 b@1");
        await peer.AskAsync("eds", "a", "b");
        await peer.TakesAsync("eds a@1 b@1");
        stage.Publish("cds/a@2>a", "cds/b@1>b", "eds/a@1", "eds/b@1");
        await peer.TakesAsync(wire == Wire.Sotw ? "cds a@2 b@1" : "cds a@2", "eds a@1");
        await peer.IsSilentAsync();
    }

    [Theory, AggregatedWires]
    public async Task B56_a_changed_listener_brings_only_routes_that_are_new_to_the_client(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("lds/l@1>r", "rds/r@1");
        using var peer = stage.Connect(wire, "");
        await peer.AskAsync("lds");
        await peer.TakesAsync("lds l@1");
        await peer.AskAsync("rds", "r");
        await peer.TakesAsync("rds r@1");
        stage.Publish("lds/l@2>r", "rds/r@1");
        await peer.TakesAsync("lds l@2");
        await peer.IsSilentAsync();
        stage.Publish("lds/l@3>s", "rds/r@1", "rds/s@1");
        await peer.TakesAsync("lds l@3");
        await peer.AskAsync("rds", "r", "s");
        await peer.TakesAsync("rds s@1");
        await peer.IsSilentAsync();
    }

    [Theory, SotwWires]
    public async Task B57_a_cluster_without_an_assignment_is_given_an_empty_one(Wire wire)
    {
        var empty = new ClusterLoadAssignment { ClusterName = "a" }.ToByteString();
        await using var stage = await XdsStage.StartAsync("cds/a@1>a");
        using var peer = stage.Sotw(wire, "eds");
        await peer.AskAsync("eds", "a", "no-cluster");
        Assert.Equal(empty, Assert.Single((await peer.NextAsync()).Resources).Body);
        await peer.AckAsync("eds");
        stage.Publish("cds/a@1>a", "eds/a@1");
        await peer.TakesAsync("eds a@1");
        stage.Publish("cds/a@1>a");
        Assert.Equal(empty, Assert.Single((await peer.NextAsync()).Resources).Body);
        await peer.AckAsync("eds");
        stage.Publish("cds/a@1>a", "cds/no-cluster@1>no-cluster");
        await peer.HearsAsync("eds ?");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task B57_a_cluster_without_an_assignment_is_told_so(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1>a");
        using var peer = stage.Delta(wire, "eds");
        await peer.SubscribeAsync("eds", "a");
        await peer.TakesAsync("eds -a");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AggregatedWires]
    public async Task B58_the_new_is_made_before_the_old_is_broken(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/x@1>x", "eds/x@1", "lds/l@1>r", "rds/r@x");
        using var peer = stage.Connect(wire, "");
        await peer.AskAsync("cds");
        await peer.TakesAsync("cds x@1");
        await peer.AskAsync("eds", "x");
        await peer.TakesAsync("eds x@1");
        await peer.AskAsync("lds");
        await peer.TakesAsync("lds l@1");
        await peer.AskAsync("rds", "r");
        await peer.TakesAsync("rds r@x");
        stage.Publish("cds/y@1>y", "eds/y@1", "lds/l@1>r", "rds/r@y");
        await peer.TakesAsync(wire == Wire.Sotw ? "cds x@1 y@1" : "cds y@1");
        await peer.AskAsync("eds", "x", "y");
        await peer.TakesAsync("eds y@1");
        await peer.HearsAsync("rds r@y");
        await peer.IsSilentAsync();
        await peer.AckAsync("rds");
        await peer.TakesAsync(wire == Wire.Sotw ? ["cds y@1"] : ["cds -x", "eds -x"]);
        await peer.IsSilentAsync();
    }

    [Theory, AggregatedWires]
    public async Task B59_types_come_in_their_order(Wire wire)
    {
        string[] types = ["cds", "eds", "sds", "lds", "srds", "rds"];
        await using var stage = await XdsStage.StartAsync([.. types.Select(type => $"{type}/a@1")]);
        using var peer = stage.Connect(wire, "");
        foreach (var type in types.Reverse())
        {
            await peer.AskAsync(type, "a");
            await peer.TakesAsync($"{type} a@1");
        }

        stage.Publish([.. types.Select(type => $"{type}/a@2")]);
        await peer.HearsAsync("cds a@2", "eds a@2", "sds a@2");
        await peer.AckAsync("cds");
        await peer.HearsAsync("lds a@2", "srds a@2", "rds a@2");
    }

    [Theory, AllWires]
    public async Task B60_a_secret_can_be_asked_for_before_it_exists(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync();
        using var peer = stage.Connect(wire, "sds");
        await peer.AskAsync("sds", "s");
        if (wire is Wire.Delta or Wire.DeltaAlone)
        {
            await peer.TakesAsync("sds -s");
        }

        stage.Publish("sds/s@1");
        await peer.TakesAsync("sds s@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AggregatedWires]
    public async Task B61_a_route_waits_for_the_cluster_that_it_leads_to(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1");
        using var peer = stage.Connect(wire, "");
        await peer.AskAsync("cds");
        await peer.TakesAsync("cds");
        await peer.AskAsync("rds", "r");
        await peer.TakesAsync("rds r@1");
        stage.Publish("cds/x@1>x", "eds/x@1", "rds/r@x");
        await peer.HearsAsync("cds x@1");
        await peer.IsSilentAsync();
        await peer.AckAsync("cds");
        await peer.IsSilentAsync();
        await peer.AskAsync("eds", "x");
        await peer.TakesAsync("eds x@1", "rds r@x");
        await peer.IsSilentAsync();
    }

    [Fact]
    public async Task B62_a_filters_configuration_that_no_listener_named_goes_after_the_listeners()
    {
        await using var stage = await XdsStage.StartAsync("ecds/f@1", "lds/l@1");
        using var peer = stage.Delta(Wire.Delta, "");
        await peer.SubscribeAsync("lds");
        await peer.TakesAsync("lds l@1");
        await peer.SubscribeAsync("ecds", "f");
        await peer.TakesAsync("ecds f@1");
        stage.Publish("lds/l@2");
        await peer.HearsAsync("lds l@2");
        await peer.IsSilentAsync();
        await peer.AckAsync("lds");
        await peer.TakesAsync("ecds -f");
        await peer.IsSilentAsync();
    }

    [Fact]
    public async Task B62_a_filters_configuration_that_a_listener_named_stays_until_the_client_gives_it_up()
    {
        await using var stage = await XdsStage.StartAsync("ecds/f@1", "ecds/g@1", "lds/l@1>ecds:f,ecds:g");
        using var peer = stage.Delta(Wire.Delta, "");
        await peer.SubscribeAsync("lds");
        await peer.TakesAsync("lds l@1");
        await peer.SubscribeAsync("ecds", "f", "g");
        await peer.TakesAsync("ecds f@1 g@1");
        stage.Publish("lds/l@1>ecds:f,ecds:g");
        await peer.IsSilentAsync();
        stage.Publish("lds/l@2>ecds:g");
        await peer.HearsAsync("lds l@2");
        await peer.NackAsync("lds", "l is bad");
        await peer.IsSilentAsync();
        stage.Publish("lds/l@3>ecds:g");
        await peer.HearsAsync("lds l@3");
        await peer.IsSilentAsync();
        await peer.AckAsync("lds");
        await peer.IsSilentAsync();
        await peer.UnsubscribeAsync("ecds", "f");
        await peer.IsSilentAsync();
    }

    [Fact]
    public async Task B62_state_of_the_world_deletes_no_filters_configuration_whatever_happens_to_its_listener()
    {
        await using var stage = await XdsStage.StartAsync("ecds/f@1", "lds/l@1>ecds:f");
        using var peer = stage.Sotw(Wire.Sotw, "");
        await peer.AskAsync("lds");
        await peer.TakesAsync("lds l@1");
        await peer.AskAsync("ecds", "f");
        await peer.TakesAsync("ecds f@1");
        stage.Publish("lds/l@1>ecds:f");
        await peer.IsSilentAsync();
        stage.Publish("lds/l@2");
        await peer.TakesAsync("lds l@2");
        await peer.IsSilentAsync();
        stage.Publish("ecds/f@1", "lds/l@3>ecds:f");
        await peer.TakesAsync("ecds f@1", "lds l@3");
        await peer.IsSilentAsync();
    }

    [Theory]
    [InlineData("lds")]
    [InlineData("rds")]
    public async Task B58_on_the_service_of_one_type_nothing_waits_for_another(string type)
    {
        await using var stage = await XdsStage.StartAsync("cds/x@1>x", $"{type}/a@1>r", $"{type}/b@1");
        foreach (var wire in new[] { Wire.SotwAlone, Wire.DeltaAlone })
        {
            using var peer = stage.Connect(wire, type);
            await peer.AskAsync(type, "a");
            await peer.TakesAsync($"{type} a@1");
        }
    }

    [Fact]
    public async Task B58_on_the_service_of_one_type_a_removal_waits_for_no_answer()
    {
        await using var stage = await XdsStage.StartAsync("rds/a@1", "rds/b@1");
        using var peer = stage.Delta(Wire.DeltaAlone, "rds");
        await peer.SubscribeAsync("rds", "a", "b");
        await peer.HearsAsync("rds a@1 b@1");
        stage.Publish("rds/a@1");
        await peer.HearsAsync("rds -b");
    }
}

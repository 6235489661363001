namespace Weft.Tests.Xds.Conformance;

/// <summary>Delta: what is asked for by other names than it has, and when it is first needed.</summary>
public sealed class OnDemandTests
{
    [Theory, DeltaWires]
    public async Task D50_what_is_asked_by_an_alias_is_answered_under_its_name(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1~x,y", "cds/b@1");
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds", "x", "b");
        await peer.TakesAsync("cds a@1(x) b@1");
        await peer.SubscribeAsync("cds", "y");
        await peer.TakesAsync("cds a@1(x,y)");
        stage.Publish("cds/a@2~x,y", "cds/b@1");
        await peer.TakesAsync("cds a@2(x,y)");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D50_an_alias_that_is_unsubscribed_ends_what_it_asked_for(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1~x,y");
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds", "x", "y");
        await peer.TakesAsync("cds a@1(x,y)");
        await peer.UnsubscribeAsync("cds", "x");
        stage.Publish("cds/a@2~x,y");
        await peer.TakesAsync("cds a@2(y)");
        await peer.UnsubscribeAsync("cds", "y");
        stage.Publish("cds/a@3~x,y");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D50_what_was_asked_by_an_alias_may_be_unsubscribed_by_its_name(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1~x");
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds", "x");
        await peer.TakesAsync("cds a@1(x)");
        await peer.UnsubscribeAsync("cds", "a");
        stage.Publish("cds/a@2~x");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D50_an_alias_of_nothing_is_reported_removed_and_a_deletion_by_the_name(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync();
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds", "x");
        await peer.TakesAsync("cds -x");
        stage.Publish("cds/a@1~x");
        await peer.TakesAsync("cds a@1(x)");
        stage.Publish();
        await peer.TakesAsync("cds -a");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D50_what_is_rejected_is_not_sent_again_until_it_changes(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("lds/a@1~x");
        using var peer = stage.Delta(wire, "lds");
        await peer.SubscribeAsync("lds", "x");
        await peer.HearsAsync("lds a@1(x)");
        await peer.NackAsync("lds", "a is bad");
        stage.Publish("lds/a@1~x", "lds/b@1");
        stage.Publish("lds/a@2~x", "lds/b@1");
        await peer.TakesAsync("lds a@2(x)");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D50_a_client_that_comes_back_has_kept_it_under_its_name(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("lds/a@1~x", "lds/b@2~y");
        using var peer = stage.Delta(wire, "lds");
        // The version is that of the resource with its aliases.
        var request = peer.Request("lds", ["x", "y", "z"], []);
        request.InitialResourceVersions.Add("a", stage.Make("lds/a@1~x").Version);
        request.InitialResourceVersions.Add("b", stage.Make("lds/b@1~y").Version);
        request.InitialResourceVersions.Add("c", "gone");
        await peer.SendAsync(request);
        await peer.TakesAsync("lds b@2(y) -c -z");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D51_a_host_is_answered_by_the_virtual_host_whose_domain_it_is(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("vhds/r/a@1>a.test,*.a.test", "vhds/r/any@1>*", "vhds/s/b@1>b.test");
        using var peer = stage.Delta(wire, "vhds");
        await peer.SubscribeAsync("vhds", "r/a.test");
        await peer.TakesAsync("vhds r/a@1(r/a.test)");
        await peer.SubscribeAsync("vhds", "r/www.a.test", "r/b.test", "s/b.test");
        await peer.TakesAsync("vhds r/a@1(r/a.test,r/www.a.test) r/any@1(r/b.test) s/b@1(s/b.test)");
        stage.Publish("vhds/r/a@2>a.test,*.a.test", "vhds/r/any@1>*");
        await peer.TakesAsync("vhds r/a@2(r/a.test,r/www.a.test) -s/b");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D51_an_unknown_host_is_answered_at_once_without_a_body_each_time_that_it_is_asked_for(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("vhds/r/a@1>a.test");
        using var peer = stage.Delta(wire, "vhds");
        await peer.SubscribeAsync("vhds", "r/b.test");
        await peer.TakesAsync("vhds r/b.test@none");
        await peer.SubscribeAsync("vhds", "r/b.test", "r/a.test");
        await peer.TakesAsync("vhds r/a@1(r/a.test) r/b.test@none");
        stage.Publish("vhds/r/a@1>a.test", "vhds/r/b@1>b.test");
        await peer.TakesAsync("vhds r/b@1(r/b.test)");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D51_where_nothing_is_published_every_host_is_unknown(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync();
        using var peer = stage.Delta(wire, "vhds");
        await peer.SubscribeAsync("vhds", "r/a.test", "no-host");
        await peer.TakesAsync("vhds no-host@none r/a.test@none");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D51_a_first_request_without_hosts_is_answered_with_nothing_of_each_route_configuration(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1>vhds", "rds/s@1>vhds", "rds/t@1", "vhds/r/a@1>a.test");
        using var peer = stage.Delta(wire, "vhds");
        if (wire == Wire.Delta)
        {
            await peer.SubscribeAsync("rds", "r", "t");
            await peer.TakesAsync("rds r@1 t@1");
        }

        await peer.SubscribeAsync("vhds");
        await peer.TakesAsync(wire == Wire.Delta ? "vhds -r/*" : "vhds -r/* -s/*");
        await peer.EndsSilentlyAsync();
    }

    [Fact]
    public async Task D51_a_changed_route_configuration_is_followed_by_its_virtual_hosts()
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1>vhds", "vhds/r/a@1>a.test");
        using var peer = stage.Delta(Wire.Delta, "");
        await peer.SubscribeAsync("rds", "r");
        await peer.TakesAsync("rds r@1");
        await peer.SubscribeAsync("vhds", "r/a.test");
        await peer.TakesAsync("vhds r/a@1(r/a.test) -r/*");
        stage.Publish("rds/r@2>vhds", "vhds/r/a@1>a.test");
        await peer.TakesAsync("rds r@2", "vhds r/a@1(r/a.test) -r/*");
        await peer.EndsSilentlyAsync();
    }

    [Fact]
    public async Task D51_a_client_that_asks_for_host_after_host_of_one_virtual_host_is_not_told_all_of_them_each_time()
    {
        await using var stage = await XdsStage.StartAsync("vhds/r/any@1>*");
        using var peer = stage.Delta(Wire.DeltaAlone, "vhds");
        await peer.SubscribeAsync("vhds", [.. Enumerable.Range(0, 1000).Select(i => $"r/{i}")]);
        var all = Assert.Single((await peer.NextAsync()).Resources).Label;
        Assert.Equal(1000, all.Count(c => c == ',') + 1);
        await peer.SubscribeAsync("vhds", "r/next");
        var next = Assert.Single((await peer.NextAsync()).Resources).Label;
        Assert.Contains("r/next", next, StringComparison.Ordinal);
        Assert.Equal(101, next.Count(c => c == ',') + 1);
    }

    [Theory, DeltaWires]
    public async Task D44_a_cluster_is_asked_for_when_it_is_first_needed_and_answered_at_once_be_it_there_or_not(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1", "cds/b@1");
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds", "a");
        await peer.TakesAsync("cds a@1");
        await peer.SubscribeAsync("cds", "nobody");
        await peer.TakesAsync("cds -nobody");
        await peer.SubscribeAsync("cds", "nobody");
        await peer.TakesAsync("cds -nobody");
        stage.Publish("cds/a@1", "cds/b@2", "cds/nobody@1");
        await peer.TakesAsync("cds nobody@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D44_beside_a_wildcard_a_cluster_that_is_asked_for_by_name_is_answered_at_once_too(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("cds/a@1");
        using var peer = stage.Delta(wire, "cds");
        await peer.SubscribeAsync("cds");
        await peer.TakesAsync("cds a@1");
        await peer.SubscribeAsync("cds", "nobody");
        await peer.TakesAsync("cds -nobody");
        await peer.SubscribeAsync("cds", "a");
        await peer.TakesAsync("cds a@1");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task D54_what_is_removed_is_named_and_removed_resource_names_stays_empty(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/a@1", "rds/b@1");
        using var peer = stage.Delta(wire, "rds");
        await peer.SubscribeAsync("rds", "a", "b", "c");
        // The peer looks at removed_resource_names of every response.
        await peer.TakesAsync("rds a@1 b@1 -c");
        stage.Publish("rds/a@1");
        await peer.TakesAsync("rds -b");
        await peer.EndsSilentlyAsync();
    }
}

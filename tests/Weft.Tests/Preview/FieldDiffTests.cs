using Envoy.Config.Cluster.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Preview;

namespace Weft.Tests.Preview;

public sealed class FieldDiffTests
{
    [Theory]
    [InlineData("""{"name": "a"}""", """{"name": "a"}""", "")]
    [InlineData("""{"name": "a"}""", """{"name": "b"}""", "name: a → b")]
    [InlineData("{}", """{"connect_timeout": "5s"}""", "connect_timeout: (unset) → \"5s\"")]
    [InlineData("""{"connect_timeout": "1s"}""", """{"connect_timeout": "5s"}""", "connect_timeout: \"1s\" → \"5s\"")]
    [InlineData("""{"lb_policy": "RANDOM"}""", "{}", "lb_policy: RANDOM → (unset)")]
    [InlineData("""{"eds_cluster_config": {"service_name": "a"}}""", """{"eds_cluster_config": {"service_name": "b"}}""", "eds_cluster_config.service_name: a → b")]
    [InlineData("""{"filters": [{"name": "x"}, {"name": "y"}]}""", """{"filters": [{"name": "y"}, {"name": "x"}]}""", "filters: x, y → y, x")]
    [InlineData("""{"filters": [{"name": "x"}]}""", """{"filters": [{"name": "x"}, {"name": "y"}]}""", "filters[y]: (unset) → { \"name\": \"y\" }")]
    [InlineData("""{"health_checks": [{"timeout": "1s"}]}""", """{"health_checks": [{"timeout": "2s"}]}""", "health_checks[0].timeout: \"1s\" → \"2s\"")]
    public void A_field_that_differs_is_told_with_its_path(string before, string after, string change)
    {
        var changes = FieldDiff.Of(JsonParser.Default.Parse<Cluster>(before), JsonParser.Default.Parse<Cluster>(after));
        Assert.Equal(change, string.Join('\n', changes));
        var back = FieldDiff.Of(JsonParser.Default.Parse<Cluster>(after), JsonParser.Default.Parse<Cluster>(before));
        Assert.Equal(changes.Select(c => (c.Path, c.Before, c.After)), back.Select(c => (c.Path, c.After, c.Before)));
    }

    [Fact]
    public void What_is_packed_is_looked_into()
    {
        Listener Api(string name) => new() { ApiListener = new() { ApiListener_ = Any.Pack(new RouteConfiguration { Name = name }) } };
        Assert.Equal("api_listener.api_listener.name: a → b", Assert.Single(FieldDiff.Of(Api("a"), Api("b"))).ToString());
    }

    [Fact]
    public void Many_changes_are_bounded_and_long_values_cut_and_made_harmless()
    {
        var before = new RouteConfiguration();
        before.InternalOnlyHeaders.AddRange(Enumerable.Range(0, 1000).Select(i => $"{i}"));
        Assert.Equal(FieldDiff.MostChanges, FieldDiff.Of(before, new RouteConfiguration()).Length);

        var change = Assert.Single(FieldDiff.Of(new Cluster { Name = "\u001b[2J" }, new Cluster { Name = new string('x', 10_000) }));
        Assert.DoesNotContain('\u001b', change.ToString());
        Assert.True(change.ToString().Length < 300);
    }
}

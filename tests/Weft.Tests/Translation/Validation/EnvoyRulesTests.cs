using Envoy.Config.Cluster.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Translation.Validation;
using Filter = Envoy.Config.Listener.V3.Filter;

namespace Weft.Tests.Translation.Validation;

public sealed class EnvoyRulesTests
{
    [Fact]
    public void A_message_without_violations_has_none() => Assert.Empty(EnvoyRules.Check(new Cluster { Name = "c" }));

    [Fact]
    public void All_violations_are_told_with_their_paths()
    {
        var cluster = new Cluster
        {
            ConnectTimeout = new Duration(),
            LoadAssignment = new() { ClusterName = "c", Endpoints = { new Envoy.Config.Endpoint.V3.LocalityLbEndpoints { Priority = 129 } } },
        };
        Assert.Equal(
            [
                "connect_timeout must be greater than 0s",
                "load_assignment.endpoints[0].priority must be at most 128",
                "name must not be empty",
            ],
            Lines(cluster));
    }

    [Fact]
    public void A_required_oneof_and_a_required_message_are_missed() =>
        Assert.Equal(
            ["address one of socket_address, pipe, envoy_internal_address is required", "filter_chains[0].filters[0].name must not be empty"],
            Lines(new Listener { Address = new(), FilterChains = { new FilterChain { Filters = { new Filter() } } } }));

    [Fact]
    public void Rules_hold_inside_of_anys_too()
    {
        var filter = new Filter { Name = "hcm", TypedConfig = Any.Pack(new HttpConnectionManager { StatPrefix = "" }) };
        var listener = new Listener { FilterChains = { new FilterChain { Filters = { filter } } } };
        Assert.Equal(
            [
                "filter_chains[0].filters[0].typed_config one of rds, route_config, scoped_routes is required",
                "filter_chains[0].filters[0].typed_config.stat_prefix must not be empty",
            ],
            Lines(listener));
    }

    [Fact]
    public void An_any_of_an_unknown_type_is_passed_over_and_broken_bytes_are_told()
    {
        var filter = new Filter { Name = "x", TypedConfig = new() { TypeUrl = "type.googleapis.com/x.Y", Value = ByteString.CopyFrom(255) } };
        var listener = new Listener { FilterChains = { new FilterChain { Filters = { filter } } } };
        Assert.Empty(EnvoyRules.Check(listener));
        filter.TypedConfig.TypeUrl = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
        Assert.Equal(["filter_chains[0].filters[0].typed_config these bytes are no envoy.config.cluster.v3.Cluster"], Lines(listener));
    }

    [Fact]
    public void Anys_packed_very_often_are_refused()
    {
        var any = new Any();
        for (var i = 0; i < 1_000; i++)
        {
            any = Any.Pack(any);
        }

        Assert.Equal([" must not lie in more than 32 Anys"], Lines(any));
    }

    [Fact]
    public void Every_rule_of_the_whole_api_compiles()
    {
        var types = Weft.EnvoyApi.EnvoyApi.Files.SelectMany(file => file.MessageTypes).ToList();
        for (var i = 0; i < types.Count; i++)
        {
            types.AddRange(types[i].NestedTypes.Where(type => type.GetOptions() is not { MapEntry: true }));
            _ = TypeRules.Of(types[i]);
            _ = EnvoyRules.Check(types[i].Parser.ParseFrom(ByteString.Empty));
        }

        Assert.True(types.Count > 1_000);
    }

    private static string[] Lines(IMessage message) =>
        [.. EnvoyRules.Check(message).Select(one => $"{one.Path} {one.Rule}").Order(StringComparer.Ordinal)];
}

using Envoy.Config.Cluster.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using static Weft.Tests.Translation.Raw.RawTexts;

namespace Weft.Tests.Translation.Raw;

public sealed class PackedBytesTests
{
    /// <summary>Field 1 given twice and an unknown field: parsing and serialising again would change the bytes.</summary>
    private static readonly ByteString Odd = ByteString.CopyFrom([0x0A, 1, (byte)'x', 0x0A, 1, (byte)'c', 0xF8, 0xFF, 0x03, 1]);

    [Fact]
    public void The_bytes_of_a_known_type_are_passed_on_untouched()
    {
        var one = Assert.Single(Good($"resources: [{{'@type': {ClusterType}, value: {Odd.ToBase64()}}}]"));
        Assert.Equal("c", one.Name);
        Assert.Equal(Odd, one.Body);
        Assert.Equal("c", Assert.IsType<Cluster>(one.Message).Name);
    }

    [Fact]
    public void The_bytes_of_an_unknown_type_need_a_wrapper_with_a_name()
    {
        const string Type = "type.googleapis.com/example.New";
        var one = Assert.Single(Good(Named(Type, $"value: {Odd.ToBase64()}")));
        Assert.Equal((Type, "x", Odd), (one.TypeUrl, one.Name, one.Body));
        Assert.Null(one.Message);
        Assert.Equal(["WEFT3016 1:13"], Places(Read($"resources: [{{'@type': {Type}, value: {Odd.ToBase64()}}}]")));
    }

    [Fact]
    public void Nested_bytes_of_an_unknown_type_are_kept()
    {
        var cluster = GoodCluster($"transport_socket: {{name: x, typed_config: {{'@type': t/example.New, value: {Odd.ToBase64()}}}}}");
        Assert.Equal(new Any { TypeUrl = "t/example.New", Value = Odd }, cluster.TransportSocket.TypedConfig);
    }

    [Fact]
    public void A_field_named_value_is_a_field()
    {
        // As bytes this would be no HeaderValue; as a field it only lacks a key.
        var read = Read(Named("type.googleapis.com/envoy.config.core.v3.HeaderValue", "value: '/////w=='"));
        Assert.Equal(["WEFT3019 4:13"], Places(read));
        Assert.Contains("key: must not be empty", read.Diagnostics[0].Message);
    }

    [Fact]
    public void Rules_hold_for_bytes_too() =>
        Assert.Equal(
            ["WEFT3019 1:13"],
            Places(Read($"resources: [{{'@type': {ClusterType}, value: {Bytes(new Cluster { Name = "c", ConnectTimeout = new() })}}}]")));

    [Fact]
    public void A_wrapper_names_the_resource_and_must_agree_with_it()
    {
        const string Text =
            "resources:\n- '@type': type.googleapis.com/envoy.service.discovery.v3.Resource\n  name: NAME\n  version: '1'\n"
            + $"  resource: {{'@type': {ClusterType}, name: c}}\n";
        var read = Read(Text.Replace("NAME", "c", StringComparison.Ordinal));
        Assert.Equal(["WEFT3023 4:3"], Places(read));
        Assert.Equal("c", Assert.Single(read.Resources).Name);
        Assert.Equal(["WEFT3023 4:3", "WEFT3020 5:13"], Places(Read(Text.Replace("NAME", "other", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_wrapper_gives_a_time_to_live()
    {
        var one = Assert.Single(Good(
            "resources:\n- '@type': type.googleapis.com/envoy.service.discovery.v3.Resource\n  ttl: 1.5s\n"
            + $"  resource: {{'@type': {ClusterType}, name: c}}\n"));
        Assert.Equal(TimeSpan.FromSeconds(1.5), one.TimeToLive);
    }

    [Theory]
    [InlineData("0.05s", "WEFT3007 3:8")]
    [InlineData("-5s", "WEFT3007 3:8")]
    [InlineData("8640000.1s", "WEFT3007 3:8")]
    [InlineData("315576000000s", "WEFT3007 3:8")]
    [InlineData("soon", "WEFT3009 3:8")]
    public void A_time_to_live_has_bounds(string life, string place)
    {
        var read = Read(
            $"resources:\n- '@type': type.googleapis.com/envoy.service.discovery.v3.Resource\n  ttl: {life}\n"
            + $"  resource: {{'@type': {ClusterType}, name: c}}\n");
        Assert.Equal([place], Places(read));
        Assert.Empty(read.Resources);
    }

    [Theory]
    [InlineData("name: x", "WEFT3004 1:13")]
    [InlineData("name: [], resource: {'@type': a/b.C, value: ''}", "WEFT3004 1:86")]
    [InlineData("nam: x, resource: {'@type': type.googleapis.com/b.C, value: ''}", "WEFT3005 1:80")]
    public void A_wrapper_with_mistakes_is_refused(string fields, string place)
    {
        var read = Read($"resources: [{{'@type': type.googleapis.com/envoy.service.discovery.v3.Resource, {fields}}}]");
        Assert.Equal(place, Places(read)[0]);
        Assert.Empty(read.Resources);
    }

    private static string Bytes(IMessage message) => message.ToByteString().ToBase64();
}

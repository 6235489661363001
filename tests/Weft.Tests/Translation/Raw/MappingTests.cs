using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using static Weft.Tests.Translation.Raw.RawTexts;

namespace Weft.Tests.Translation.Raw;

/// <summary>Protobuf's JSON mapping, rule by rule. The fields of a cluster begin at line 4, column 3.</summary>
public sealed class MappingTests
{
    [Theory]
    [InlineData("conect: 1", "WEFT3005 4:3")]
    [InlineData("connect_timeout: 1s\nconnectTimeout: 1s", "WEFT3013 5:3")]
    [InlineData("connect_timeout: 1s\nconnect_timeout: 1s", "WEFT3013 5:3")]
    [InlineData("[1]: 1", "WEFT3004 4:3")]
    [InlineData("type: EDS\ncluster_type: {name: x}", "WEFT3014 5:3")]
    [InlineData("alt_stat_name: 5", "WEFT3004 4:18")]
    [InlineData("alt_stat_name: true", "WEFT3004 4:18")]
    [InlineData("alt_stat_name: [x]", "WEFT3004 4:18")]
    [InlineData("ignore_health_on_host_removal: 'true'", "WEFT3004 4:34")]
    [InlineData("ignore_health_on_host_removal: yes", "WEFT3004 4:34")]
    [InlineData("lb_policy: 1.5", "WEFT3004 4:14")]
    [InlineData("lb_policy: true", "WEFT3004 4:14")]
    [InlineData("lb_policy: ROUND", "WEFT3008 4:14")]
    [InlineData("lb_policy: round_robin", "WEFT3008 4:14")]
    [InlineData("lb_policy: 3000000000", "WEFT3007 4:14")]
    [InlineData("per_connection_buffer_limit_bytes: 4294967296", "WEFT3007 4:38")]
    [InlineData("per_connection_buffer_limit_bytes: -1", "WEFT3007 4:38")]
    [InlineData("per_connection_buffer_limit_bytes: 1e99", "WEFT3007 4:38")]
    [InlineData("per_connection_buffer_limit_bytes: 1.5", "WEFT3004 4:38")]
    [InlineData("per_connection_buffer_limit_bytes: '0x10'", "WEFT3004 4:38")]
    [InlineData("per_connection_buffer_limit_bytes: 0644", "WEFT3004 4:38")]
    [InlineData("per_connection_buffer_limit_bytes: {value: 1}", "WEFT3004 4:38")]
    [InlineData("per_connection_buffer_limit_bytes: .inf", "WEFT3004 4:38")]
    [InlineData("connect_timeout: 5", "WEFT3009 4:20")]
    [InlineData("connect_timeout: 5m", "WEFT3009 4:20")]
    [InlineData("connect_timeout: '5s '", "WEFT3009 4:20")]
    [InlineData("connect_timeout: 1.0000000001s", "WEFT3009 4:20")]
    [InlineData("connect_timeout: {seconds: 5}", "WEFT3004 4:20")]
    [InlineData("connect_timeout: 315576000001s", "WEFT3007 4:20")]
    [InlineData("health_checks: {}", "WEFT3004 4:18")]
    [InlineData("health_checks: [null]", "WEFT3004 4:19")]
    [InlineData("metadata: {filter_metadata: []}", "WEFT3004 4:31")]
    [InlineData("metadata: {filter_metadata: {a: null}}", "WEFT3004 4:35")]
    [InlineData("metadata: {filter_metadata: {a: {x: .nan}}}", "WEFT3007 4:39")]
    [InlineData("metadata: {filter_metadata: {a: {x: 01}}}", "WEFT3004 4:39")]
    [InlineData("metadata: {filter_metadata: {a: {x: 1, x: 2}}}", "WEFT3013 4:42")]
    [InlineData("metadata: {filter_metadata: {a: 5}}", "WEFT3004 4:35")]
    [InlineData("metadata: x", "WEFT3004 4:13")]
    [InlineData("common_lb_config: {healthy_panic_threshold: {value: x}}", "WEFT3004 4:55")]
    [InlineData("common_lb_config: {healthy_panic_threshold: {value: 1e999}}", "WEFT3007 4:55")]
    [InlineData("transport_socket: {name: x, typed_config: {a: 1}}", "WEFT3017 4:45")]
    [InlineData("transport_socket: {name: x, typed_config: 5}", "WEFT3004 4:45")]
    [InlineData("transport_socket: {name: x, typed_config: {'@type': a/b.C, x: 1}}", "WEFT3006 4:55")]
    [InlineData("transport_socket: {name: x, typed_config: {'@type': a/b.C, value: '???'}}", "WEFT3012 4:69")]
    [InlineData("transport_socket: {name: x, typed_config: {'@type': a/envoy.config.cluster.v3.Cluster, value: '/////w=='}}", "WEFT3018 4:97")]
    [InlineData("transport_socket: {name: x, typed_config: {'@type': a/google.protobuf.Duration}}", "WEFT3004 4:45")]
    [InlineData("transport_socket: {name: x, typed_config: {'@type': a/google.protobuf.Duration, value: 1s, x: 1}}", "WEFT3005 4:94")]
    [InlineData("transport_socket: {name: x, typed_config: {'@type': a/google.protobuf.Empty, x: 1}}", "WEFT3005 4:80")]
    [InlineData("transport_socket: {name: x, typed_config: {'@type': a/google.protobuf.Timestamp, value: 1s}}", "WEFT3010 4:91")]
    [InlineData("transport_socket: {name: x, typed_config: {'@type': a/google.protobuf.FieldMask, value: 'a b'}}", "WEFT3011 4:91")]
    [InlineData("transport_socket: {name: x, typed_config: {'@type': a/google.protobuf.BytesValue, value: '?'}}", "WEFT3012 4:92")]
    public void A_mistake_is_told_at_its_place(string fields, string place)
    {
        var read = Cluster(fields);
        Assert.Equal([place], Places(read));
        Assert.Empty(read.Resources);
    }

    [Fact]
    public void Both_names_of_a_field_are_taken_and_null_is_absent()
    {
        var cluster = GoodCluster("altStatName: x\ndns_lookup_family: V4_ONLY\ntype: null\nhealth_checks: ~\nmetadata:");
        Assert.Equal(
            new Cluster { Name = "c", AltStatName = "x", DnsLookupFamily = Envoy.Config.Cluster.V3.Cluster.Types.DnsLookupFamily.V4Only },
            cluster);
    }

    [Fact]
    public void Null_beside_another_member_of_a_oneof_is_absent_too() =>
        Assert.Equal("x", GoodCluster("type: null\ncluster_type: {name: x}").ClusterType.Name);

    [Theory]
    [InlineData("7", 7u)]
    [InlineData("'7'", 7u)]
    [InlineData("7.0", 7u)]
    [InlineData("7e2", 700u)]
    [InlineData("0x1F", 31u)]
    [InlineData("0o17", 15u)]
    [InlineData("+7", 7u)]
    [InlineData("4294967295", uint.MaxValue)]
    public void Whole_numbers_have_many_forms(string text, uint value) =>
        Assert.Equal(value, GoodCluster($"per_connection_buffer_limit_bytes: {text}").PerConnectionBufferLimitBytes);

    [Theory]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("'9223372036854775807'", long.MaxValue)]
    public void Numbers_of_64_bits_keep_every_digit(string text, long value) =>
        Assert.Equal(value, Any<Int64Value>($"\"value\": {text}").Value);

    [Theory]
    [InlineData("NaN", double.NaN)]
    [InlineData("'Infinity'", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData(".inf", double.PositiveInfinity)]
    [InlineData("-.inf", double.NegativeInfinity)]
    [InlineData("1.5e-3", 0.0015)]
    [InlineData("'-2.5'", -2.5)]
    [InlineData("0x10", 16.0)]
    public void Floating_numbers_have_many_forms(string text, double value) =>
        Assert.Equal(value, Any<DoubleValue>($"\"value\": {text}").Value);

    [Fact]
    public void A_float_is_read() => Assert.Equal(1.5f, Any<FloatValue>("\"value\": 1.5").Value);

    [Theory]
    [InlineData("1e39", "WEFT3007 5:14")]
    [InlineData("x", "WEFT3004 5:14")]
    public void A_float_out_of_range_is_told(string text, string place) =>
        Assert.Equal([place], Places(Read(Named("type.googleapis.com/google.protobuf.FloatValue", $"\"value\": {text}"))));

    [Theory]
    [InlineData("'+/8='")]
    [InlineData("-_8")]
    [InlineData("'-_8='")]
    public void Bytes_are_base64_of_either_alphabet(string text) =>
        Assert.Equal([0xFB, 0xFF], Any<BytesValue>($"\"value\": {text}").Value.ToByteArray());

    [Theory]
    [InlineData("1.5s", 1, 500_000_000)]
    [InlineData("-0.25s", 0, -250_000_000)]
    [InlineData("-3.000000001s", -3, -1)]
    [InlineData("315576000000s", 315_576_000_000, 0)]
    public void Durations_are_seconds_with_an_s(string text, long seconds, int nanos) =>
        Assert.Equal(new() { Seconds = seconds, Nanos = nanos }, Any<Duration>($"\"value\": {text}"));

    [Theory]
    [InlineData("1970-01-01T00:00:01.5Z", 1, 500_000_000)]
    [InlineData("1970-01-01T01:00:00+01:00", 0, 0)]
    [InlineData("0001-01-01T00:00:00Z", -62_135_596_800, 0)]
    public void Timestamps_are_those_of_rfc_3339(string text, long seconds, int nanos) =>
        Assert.Equal(new() { Seconds = seconds, Nanos = nanos }, Any<Timestamp>($"\"value\": '{text}'"));

    [Fact]
    public void Field_masks_are_paths_in_camel_case() =>
        Assert.Equal(["foo_bar", "a.b_c"], Any<FieldMask>("\"value\": 'fooBar,a.bC'").Paths);

    [Fact]
    public void Values_of_every_kind_are_read() =>
        Assert.Equal(
            JsonParser.Default.Parse<Struct>("""{"a": null, "b": [true, 1.5, "x", {}], "c": "1"}"""),
            Any<Struct>("\"value\": {a: ~, b: [true, 1.5, x, {}], c: '1'}"));

    [Fact]
    public void Null_is_a_value_where_the_field_is_a_value() =>
        Assert.Equal(Value.KindOneofCase.NullValue, Any<Value>("\"value\": null").KindCase);

    [Fact]
    public void Lists_of_values_and_empties_are_read()
    {
        Assert.Equal(2, Any<ListValue>("\"value\": [1, null]").Values.Count);
        Any<Empty>("\"value\": {}");
        Any<BoolValue>("\"value\": true");
    }

    [Fact]
    public void Anys_nest_and_may_be_empty()
    {
        var inner = Google.Protobuf.WellKnownTypes.Any.Pack(new StringValue { Value = "deep" });
        const string Text = "{'@type': type.googleapis.com/google.protobuf.StringValue, value: deep}";
        Assert.Equal(inner, Any<Google.Protobuf.WellKnownTypes.Any>($"\"value\": {Text}"));
        Assert.Equal(
            new TransportSocket { Name = "x", TypedConfig = new() },
            GoodCluster("transport_socket: {name: x, typed_config: {}}").TransportSocket);
    }

    [Fact]
    public void Keys_of_a_map_are_text_whatever_they_look_like() =>
        Assert.Equal(
            ["1", "true"], GoodCluster("metadata: {filter_metadata: {true: {}, 1: {}}}").Metadata.FilterMetadata.Keys);
}

using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Validate;
using Weft.Translation.Validation;

namespace Weft.Tests.Translation.Validation;

/// <summary>Each kind of rule of validate.proto, written as text, with values that keep and break it.</summary>
public sealed class RuleKindTests
{
    [Theory]
    [InlineData("""{"uint32": {"const": 5}}""", 5u, 6u)]
    [InlineData("""{"uint32": {"lt": 5}}""", 4u, 5u)]
    [InlineData("""{"uint32": {"lte": 5}}""", 5u, 6u)]
    [InlineData("""{"uint32": {"gt": 5}}""", 6u, 5u)]
    [InlineData("""{"uint32": {"gte": 5}}""", 5u, 4u)]
    [InlineData("""{"uint32": {"gte": 5, "lt": 7}}""", 6u, 7u)]
    [InlineData("""{"uint32": {"gt": 7, "lt": 5}}""", 8u, 7u)]
    [InlineData("""{"uint32": {"gt": 7, "lt": 5}}""", 4u, 5u)]
    [InlineData("""{"uint32": {"in": [1, 2]}}""", 2u, 3u)]
    [InlineData("""{"uint32": {"notIn": [1, 2]}}""", 3u, 2u)]
    [InlineData("""{"int32": {"gt": -1}}""", 0, -1)]
    [InlineData("""{"int64": {"gte": "-9223372036854775807"}}""", -9223372036854775807L, long.MinValue)]
    [InlineData("""{"uint64": {"lt": "18446744073709551615"}}""", 1UL, ulong.MaxValue)]
    [InlineData("""{"sint32": {"lt": 0}}""", -1, 0)]
    [InlineData("""{"fixed64": {"gt": "1"}}""", 2UL, 1UL)]
    [InlineData("""{"double": {"lte": 100, "gte": 0}}""", 99.5, 100.5)]
    [InlineData("""{"double": {"lte": 100, "gte": 0}}""", double.NaN, -0.5)]
    [InlineData("""{"float": {"gt": 0}}""", 0.5f, 0f)]
    [InlineData("""{"bool": {"const": true}}""", true, false)]
    public void Numbers_and_bools(string rules, object good, object bad) => Check(rules, good, bad);

    [Theory]
    [InlineData("""{"string": {"const": "a"}}""", "a", "b")]
    [InlineData("""{"string": {"len": 2}}""", "é😀", "abc")]
    [InlineData("""{"string": {"minLen": 1}}""", "a", "")]
    [InlineData("""{"string": {"maxLen": 2}}""", "😀😀", "abc")]
    [InlineData("""{"string": {"lenBytes": 2}}""", "é", "a")]
    [InlineData("""{"string": {"minBytes": 2}}""", "é", "a")]
    [InlineData("""{"string": {"maxBytes": 2}}""", "ab", "éa")]
    [InlineData("""{"string": {"pattern": "^[a-z]+$"}}""", "abc", "a1")]
    [InlineData("""{"string": {"prefix": "ab"}}""", "abc", "bab")]
    [InlineData("""{"string": {"suffix": "ab"}}""", "cab", "abc")]
    [InlineData("""{"string": {"contains": "b"}}""", "abc", "ac")]
    [InlineData("""{"string": {"notContains": "b"}}""", "ac", "abc")]
    [InlineData("""{"string": {"in": ["a", "b"]}}""", "b", "c")]
    [InlineData("""{"string": {"notIn": ["a"]}}""", "b", "a")]
    [InlineData("""{"string": {"email": true}}""", "a@example.com", "a@")]
    [InlineData("""{"string": {"hostname": true}}""", "a.example-1.com", "-a.com")]
    [InlineData("""{"string": {"hostname": true}}""", "a.", "a..b")]
    [InlineData("""{"string": {"ip": true}}""", "::1", "127.1")]
    [InlineData("""{"string": {"ipv4": true}}""", "127.0.0.1", "::1")]
    [InlineData("""{"string": {"ipv6": true}}""", "fe80::1", "127.0.0.1")]
    [InlineData("""{"string": {"ipv6": true}}""", "::", "[::1]")]
    [InlineData("""{"string": {"uri": true}}""", "https://a/b", "a b")]
    [InlineData("""{"string": {"uriRef": true}}""", "b/c?d", "http://")]
    [InlineData("""{"string": {"address": true}}""", "a.b", "a_b")]
    [InlineData("""{"string": {"uuid": true}}""", "123e4567-e89b-12d3-a456-426614174000", "123e4567e89b12d3a456426614174000")]
    [InlineData("""{"string": {"wellKnownRegex": "HTTP_HEADER_NAME"}}""", ":path", "a b")]
    [InlineData("""{"string": {"wellKnownRegex": "HTTP_HEADER_NAME"}}""", "x-a", "")]
    [InlineData("""{"string": {"wellKnownRegex": "HTTP_HEADER_VALUE"}}""", "a\tb", "a\u0001")]
    [InlineData("""{"string": {"wellKnownRegex": "HTTP_HEADER_NAME", "strict": false}}""", "a b", "a\nb")]
    [InlineData("""{"string": {"wellKnownRegex": "HTTP_HEADER_VALUE", "strict": false}}""", "a\u0001", "a\r")]
    public void Text(string rules, string good, string bad) => Check(rules, good, bad);

    [Theory]
    [InlineData("""{"bytes": {"const": "YQ=="}}""", "a", "b")]
    [InlineData("""{"bytes": {"len": 2}}""", "ab", "a")]
    [InlineData("""{"bytes": {"minLen": 1}}""", "a", "")]
    [InlineData("""{"bytes": {"maxLen": 1}}""", "a", "ab")]
    [InlineData("""{"bytes": {"pattern": "^a"}}""", "ab", "ba")]
    [InlineData("""{"bytes": {"prefix": "YQ=="}}""", "ab", "ba")]
    [InlineData("""{"bytes": {"suffix": "YQ=="}}""", "ba", "ab")]
    [InlineData("""{"bytes": {"contains": "YQ=="}}""", "bab", "b")]
    [InlineData("""{"bytes": {"in": ["YQ=="]}}""", "a", "b")]
    [InlineData("""{"bytes": {"notIn": ["YQ=="]}}""", "b", "a")]
    [InlineData("""{"bytes": {"ip": true}}""", "0123456789abcdef", "01234")]
    [InlineData("""{"bytes": {"ipv4": true}}""", "0123", "0123456789abcdef")]
    [InlineData("""{"bytes": {"ipv6": true}}""", "0123456789abcdef", "0123")]
    public void Bytes(string rules, string good, string bad) =>
        Check(rules, ByteString.CopyFromUtf8(good), ByteString.CopyFromUtf8(bad));

    [Theory]
    [InlineData("""{"duration": {"const": "5s"}}""", 5, 6)]
    [InlineData("""{"duration": {"gt": "0s"}}""", 1, 0)]
    [InlineData("""{"duration": {"gte": "1s", "lt": "3s"}}""", 2, 3)]
    [InlineData("""{"duration": {"in": ["1s", "2s"]}}""", 2, 3)]
    [InlineData("""{"duration": {"notIn": ["1s"]}}""", 2, 1)]
    public void Durations(string rules, int good, int bad) =>
        Check(rules, new Duration { Seconds = good }, new Duration { Seconds = bad });

    [Theory]
    [InlineData("""{"timestamp": {"const": "1970-01-01T00:00:05Z"}}""", 5, 6)]
    [InlineData("""{"timestamp": {"lte": "1970-01-01T00:00:05Z"}}""", 5, 6)]
    public void Timestamps(string rules, int good, int bad) =>
        Check(rules, new Timestamp { Seconds = good }, new Timestamp { Seconds = bad });

    [Theory]
    [InlineData("""{"any": {"in": ["a/b"]}}""", "a/b", "a/c")]
    [InlineData("""{"any": {"notIn": ["a/b"]}}""", "a/c", "a/b")]
    public void Anys(string rules, string good, string bad) =>
        Check(rules, new Any { TypeUrl = good }, new Any { TypeUrl = bad });

    [Theory]
    [InlineData("""{"enum": {"definedOnly": true}}""", 1, 99)]
    [InlineData("""{"enum": {"const": 1}}""", 1, 0)]
    [InlineData("""{"enum": {"in": [1, 2]}}""", 2, 3)]
    [InlineData("""{"enum": {"notIn": [1]}}""", 2, 1)]
    public void Enums(string rules, int good, int bad)
    {
        var field = Cluster.Descriptor.FindFieldByName("lb_policy");
        Check(rules, (Cluster.Types.LbPolicy)good, (Cluster.Types.LbPolicy)bad, field);
    }

    [Theory]
    [InlineData("""{"repeated": {"minItems": "2"}}""", "", "  must have at least 2 items")]
    [InlineData("""{"repeated": {"minItems": "1", "ignoreEmpty": true}}""", "", "")]
    [InlineData("""{"repeated": {"maxItems": "1"}}""", "a,b", "  must have at most 1 items")]
    [InlineData("""{"repeated": {"unique": true}}""", "a,b,a", "[2]  is in the list already, whose items must be unique")]
    [InlineData("""{"repeated": {"items": {"string": {"len": "2"}}}}""", "ab,a,c", "[1]  must have 2 characters;[2]  must have 2 characters")]
    [InlineData("""{"repeated": {"items": {"string": {"len": "2", "ignoreEmpty": true}}}}""", "ab,", "")]
    public void Lists(string rules, string items, string violations)
    {
        var hosts = new Google.Protobuf.Collections.RepeatedField<string> { items.Length == 0 ? [] : items.Split(',') };
        var field = Envoy.Config.Route.V3.VirtualHost.Descriptor.FindFieldByName("domains");
        var walk = new RuleWalk();
        CollectionRules.Compile(field, Parse(rules)).Check(hosts, walk);
        Assert.Equal(violations, string.Join(';', walk.Violations.Select(one => $"{one.Path}  {one.Rule}")));
    }

    [Theory]
    [InlineData("""{"map": {"minPairs": "3"}}""", "  must have at least 3 items")]
    [InlineData("""{"map": {"maxPairs": "1"}}""", "  must have at most 1 items")]
    [InlineData("""{"map": {"keys": {"string": {"maxLen": "1"}}}}""", "[\"bb\"]  must have at most 1 characters")]
    [InlineData("""{"map": {"values": {"message": {"skip": true}}}}""", "")]
    public void Maps(string rules, string violations)
    {
        var map = new Google.Protobuf.Collections.MapField<string, Struct> { ["a"] = new(), ["bb"] = new() };
        var walk = new RuleWalk();
        CollectionRules.Compile(Metadata.Descriptor.FindFieldByName("filter_metadata"), Parse(rules)).Check(map, walk);
        Assert.Equal(violations, string.Join(';', walk.Violations.Select(one => $"{one.Path}  {one.Rule}")));
    }

    [Fact]
    public void A_message_to_skip_is_not_entered()
    {
        var field = Cluster.Descriptor.FindFieldByName("load_assignment");
        Assert.True(ValueRules.Compile(field, null).Enters);
        Assert.False(ValueRules.Compile(field, Parse("""{"message": {"skip": true}}""")).Enters);
    }

    [Theory]
    [InlineData("""{"message": {"required": true}}""")]
    [InlineData("""{"any": {"required": true}}""")]
    [InlineData("""{"duration": {"required": true}}""")]
    [InlineData("""{"timestamp": {"required": true}}""")]
    public void What_must_be_there(string rules) => Assert.True(RuleSet.IsRequired(Parse(rules)));

    [Theory]
    [InlineData("""{"uint32": {"gt": 5, "ignoreEmpty": true}}""", 0u)]
    [InlineData("""{"string": {"minLen": 5, "ignoreEmpty": true}}""", "")]
    public void What_is_empty_may_be_ignored(string rules, object empty)
    {
        Assert.True(RuleSet.IgnoresEmpty(Parse(rules)));
        Assert.True(RuleSet.IsEmpty(empty));
    }

    private static void Check(string rules, object good, object bad, FieldDescriptor? field = null)
    {
        var checks = RuleSet.ChecksOf(field ?? Cluster.Descriptor.FindFieldByName("name"), Parse(rules)).ToList();
        Assert.NotEmpty(checks);
        Assert.All(checks, check => Assert.Null(check(good)));
        Assert.Single(checks, check => check(bad) is not null);
    }

    private static FieldRules Parse(string rules) => JsonParser.Default.Parse<FieldRules>(rules);
}

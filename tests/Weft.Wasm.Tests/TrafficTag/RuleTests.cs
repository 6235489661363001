using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using CsCheck;
using Bytes = Weft.Wasm.Tests.Sdk.Bytes;

namespace Weft.Wasm.Tests.TrafficTag;

public sealed class RuleTests
{
    [Theory]
    [InlineData("""{"from":"header","key":"X-Tier","is":"equal","value":"gold"}""", "x-tier: gold", "x-tier: silver")]
    [InlineData("""{"from":"header","key":"x-tier","is":"not_equal","value":"gold"}""", "x-tier: silver", "x-tier: gold")]
    [InlineData("""{"from":"header","key":"x-tier","is":"not_equal","value":"gold"}""", "x-tier: silver", "x-other: silver")]
    [InlineData("""{"from":"header","key":"x-tier","is":"in","value":["gold","vip"]}""", "x-tier: vip", "x-tier: v")]
    [InlineData("""{"from":"header","key":"x-tier","is":"not_in","value":["gold","vip"]}""", "x-tier: v", "x-tier: vip")]
    [InlineData("""{"from":"header","key":"x-tier","is":"prefix","value":"go"}""", "x-tier: gold", "x-tier: g")]
    [InlineData("""{"from":"header","key":"x-tier","is":"regex","value":"g(o|i)ld"}""", "x-tier: gild", "x-tier: gilded")]
    [InlineData("""{"from":"header","key":"x-tier","is":"exists"}""", "x-tier: a", "x-other: a")]
    [InlineData("""{"from":"header","key":"x-tier","is":"not_exists"}""", "x-other: a", "x-tier: a")]
    [InlineData("""{"from":"header","key":"x-user","is":"percentage","value":100}""", "x-user: a", "x-other: a")]
    [InlineData("""{"from":"cookie","key":"beta","is":"equal","value":"1"}""", "cookie: a=2; beta=1", "cookie: xbeta=1; beta=2")]
    [InlineData("""{"from":"query","key":"v","is":"equal","value":"a b"}""", ":path: /x?v=a%20b", ":path: /x?w=a%20b")]
    [InlineData("""{"from":"query","key":"v","is":"equal","value":"2"}""", ":path: /x?u=1&v=2#f", ":path: /x#?v=2")]
    [InlineData("""{"from":"path","is":"equal","value":"/new"}""", ":path: /new?v=2", ":path: /new/")]
    [InlineData("""{"from":"method","is":"in","value":["POST","PUT"]}""", ":method: PUT", ":method: GET")]
    [InlineData("""{"is":"prefix","value":"10.1.","from":"source"}""", "a: b", null)]
    [InlineData("""{"from":"header","key":"x","is":"equal","value":"\u00e4\"\t"}""", "x: ä\"\t", "x: ä")]
    public void Each_operator_looks_at_each_place(string condition, string holds, string? other)
    {
        var rules = TestRequest.Rules($$"""{"rules":[{"tag":"t","conditions":[{{condition}}]}],"default":"none"}""");
        Assert.Equal("t", new TestRequest(holds).Tagged(rules));
        if (other is not null)
        {
            Assert.Equal("none", new TestRequest(other).Tagged(rules));
        }
    }

    [Theory]
    [InlineData("10.1.2.3:4711", "10.1.2.3")]
    [InlineData("[fd00::1]:80", "fd00::1")]
    [InlineData("10.1.2.3", "10.1.2.3")]
    public void A_source_is_an_address_without_port(string address, string value)
    {
        var rules = TestRequest.Rules(
            $$"""{"rules":[{"tag":"t","conditions":[{"from":"source","is":"equal","value":"{{value}}"}]}]}""");
        Assert.Equal("t", new TestRequest("", address).Tagged(rules));
        Assert.Null(new TestRequest("", "10.9.9.9:1").Tagged(rules));
    }

    [Theory]
    [InlineData("all", "a: 1\nb: 1", true)]
    [InlineData("all", "a: 1", false)]
    [InlineData("any", "b: 1", true)]
    [InlineData("any", "c: 1", false)]
    public void A_rule_asks_for_all_conditions_or_for_any(string match, string headers, bool tagged)
    {
        var rules = TestRequest.Rules($$"""
            {"rules":[{"tag":"t","match":"{{match}}","conditions":[
              {"from":"header","key":"a","is":"exists"},{"from":"header","key":"b","is":"exists"}]}]}
            """);
        Assert.Equal(tagged ? "t" : null, new TestRequest(headers).Tagged(rules));
    }

    [Fact]
    public void The_first_rule_that_holds_decides()
    {
        var rules = TestRequest.Rules("""
            {"header":"x-tag","default":"stable","rules":[
              {"tag":"first","conditions":[{"from":"header","key":"a","is":"exists"}]},
              {"tag":"second","conditions":[{"from":"header","key":"b","is":"exists"}]}]}
            """);
        Assert.Equal("first", new TestRequest("a: 1\nb: 1").Tagged(rules, "x-tag"));
        Assert.Equal("second", new TestRequest("b: 1").Tagged(rules, "x-tag"));
        Assert.Equal("stable", new TestRequest("c: 1").Tagged(rules, "x-tag"));
    }

    [Fact]
    public void A_percentage_is_that_of_Higress_and_the_same_for_a_value_each_time()
    {
        Gen.Select(Gen.String[Gen.Char['!', '~'], 1, 20], Gen.Int[0, 100]).Sample((user, percent) =>
        {
            var rules = TestRequest.Rules(string.Create(CultureInfo.InvariantCulture, $$"""
                {"rules":[{"tag":"t","conditions":[{"from":"header","key":"u","is":"percentage","value":{{percent}}}]}]}
                """));
            var hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Bytes.Of(user))) % 100;
            Assert.Equal(hash < (ulong)percent ? "t" : null, new TestRequest($"u: {user}").Tagged(rules));
        });
    }
}

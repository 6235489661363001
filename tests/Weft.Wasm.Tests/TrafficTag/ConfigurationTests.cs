using System.Text.Json.Nodes;
using CsCheck;
using global::TrafficTag;
using Weft.Wasm.Regexes;
using Weft.Wasm.Tags;
using Bytes = Weft.Wasm.Tests.Sdk.Bytes;

namespace Weft.Wasm.Tests.TrafficTag;

public sealed class ConfigurationTests
{
    private const string Whole = """
        {"role":"gateway","header":"x-tag","rules":[{"tag":"a","match":"any","conditions":[
        {"from":"cookie","key":"b\u0065ta","is":"in","value":["1","yes"]},{"from":"path","is":"prefix","value":"/n"}]}],
        "weightKey":{"from":"header","key":"u"},"weights":[{"tag":"w","weight":5}],"default":"s"}
        """;

    [Theory]
    [InlineData("{}")]
    [InlineData(" {\"rules\":[],\"weights\":[]} ")]
    public void A_configuration_can_be_empty(string configuration)
    {
        Assert.Null(new TestRequest("a: b").Tagged(TestRequest.Rules(configuration)));
        Assert.Equal(TagConfiguration.Empty, Compiled(configuration));
    }

    [Theory]
    [InlineData("[]", "$: an object must stand here")]
    [InlineData("{", "$: the configuration is not JSON")]
    [InlineData("{} x", "$: the configuration is not JSON")]
    [InlineData("", "$: the configuration is not JSON")]
    [InlineData("""{"role":"gateway","role":"sidecar"}""", "$: the configuration is not JSON")]
    [InlineData("""{"rulez":[]}""", "$: the member 'rulez' is not known")]
    [InlineData("""{"compiled":"AA","rules":[]}""", "$: the member 'compiled' is not known")]
    [InlineData("""{"role":"edge"}""", "$: 'edge' is no value of 'role'")]
    [InlineData("""{"header":{}}""", "$: 'header' must be a text")]
    [InlineData("""{"header":"\ud800"}""", "$: 'header' has half of a character")]
    [InlineData("""{"header":"x tag"}""", "$: 'header' is no name of a header")]
    [InlineData("""{"default":""}""", "$: a tag is empty")]
    [InlineData("""{"default":"a\r\nx: b"}""", "$: a tag has control characters, which no header may have")]
    [InlineData("""{"default":"a","defaultTagVal":"b"}""", "$: 'default' and 'defaultTagVal' are the same")]
    [InlineData("""{"rules":{}}""", "$.rules: a list must stand here")]
    [InlineData("""{"rules":[],"conditionGroups":[]}""", "$: 'rules' and 'conditionGroups' are the same")]
    [InlineData("""{"rules":[{"tag":"t"}]}""", "$.rules[0]: conditions are missing")]
    [InlineData("""{"conditionGroups":[{"headerValue":"t","conditions":[]}]}""", "$.conditionGroups[0]: conditions are missing")]
    [InlineData("""{"rules":[{"tag":"t","conditions":[{"from":"path","is":"exists"}]},3]}""", "$.rules[1]: an object must stand here")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"exists"}]}]}""", "$.rules[0]: a tag is missing")]
    [InlineData("""{"rules":[{"match":"none"}]}""", "$.rules[0]: 'none' is no value of 'match'")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"exists"},{}]}]}""", "$.rules[0].conditions[1]: it does not say where its value is from")]
    [InlineData("""{"rules":[{"conditions":[{"from":"body"}]}]}""", "$.rules[0].conditions[0]: 'body' is no value of 'from'")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path"}]}]}""", "$.rules[0].conditions[0]: an operator is missing")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"like"}]}]}""", "$.rules[0].conditions[0]: 'like' is no value of 'is'")]
    [InlineData("""{"rules":[{"conditions":[{"from":"header","is":"exists"}]}]}""", "$.rules[0].conditions[0]: a key is missing")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"equal"}]}]}""", "$.rules[0].conditions[0]: 'equal' takes exactly one value")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"prefix","value":["a","b"]}]}]}""", "$.rules[0].conditions[0]: 'prefix' takes exactly one value")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"in","value":[]}]}]}""", "$.rules[0].conditions[0]: 'in' takes values")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"in","value":[true]}]}]}""", "$.rules[0].conditions[0]: 'value' must be a text")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"percentage","value":101}]}]}""", "$.rules[0].conditions[0]: a percentage is one number from 0 to 100")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"percentage","value":"1.5"}]}]}""", "$.rules[0].conditions[0]: a percentage is one number from 0 to 100")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"regex","value":"("}]}]}""", "$.rules[0].conditions[0]: regular expression")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"regex","value":"(a{1000}){1000}"}]}]}""", "$.rules[0].conditions[0]: regular expression")]
    [InlineData("""{"rules":[{"tag":"a","conditions":[{"from":"path","is":"exists"}],"x":1}]}""", "$.rules[0]: the member 'x' is not known")]
    [InlineData("""{"weights":[{"tag":"a","weight":6,"x":1}]}""", "$.weights[0]: the member 'x' is not known")]
    [InlineData("""{"weightKey":{"from":"path","x":1}}""", "$.weightKey: the member 'x' is not known")]
    [InlineData("""{"weightKey":{"key":"a"}}""", "$.weightKey: it does not say where its value is from")]
    [InlineData("""{"weights":[{"tag":"a","weight":60},{"tag":"b","weight":41}]}""", "$.weights[1]: weights are whole numbers from 0 to 100, and so is their sum")]
    [InlineData("""{"weights":[{"tag":"a","weight":-1}]}""", "$.weights[0]: weights are whole numbers from 0 to 100, and so is their sum")]
    [InlineData("""{"weights":[{"tag":"a"}]}""", "$.weights[0]: weights are whole numbers from 0 to 100, and so is their sum")]
    [InlineData("""{"weights":[{"tag":"a","weight":1.5}]}""", "$.weights[0]: weights are whole numbers from 0 to 100, and so is their sum")]
    [InlineData("""{"weights":[{"weight":1}]}""", "$.weights[0]: a tag is missing")]
    public void A_mistake_is_named_with_its_place(string configuration, string problem)
    {
        Assert.False(TagConfiguration.TryCompile(configuration, out _, out var mistake));
        Assert.StartsWith(problem, $"{mistake.Path}: {mistake.Message}", StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_in_regular_expressions_have_codes_of_their_own()
    {
        Assert.Equal("WEFT6201", Code("("));
        Assert.Equal("WEFT6202", Code("(a{1000}){1000}"));
        Assert.Equal("WEFT6203", Code(new string('a', 70_000)));

        string Code(string pattern) => TagConfiguration.TryCompile(
            $$"""{"rules":[{"tag":"a","conditions":[{"from":"path","is":"regex","value":"{{pattern}}"}]}]}""", out _, out var mistake)
            ? "" : mistake.Code;
    }

    [Fact]
    public void What_is_compiled_stays_as_it_is()
    {
        var compiled = Compiled(Whole);
        Assert.Equal(compiled, Compiled(compiled));
    }

    [Fact]
    public void What_carries_the_configuration_may_write_its_JSON_anew()
    {
        var compiled = Compiled(Whole);
        Assert.True(TagRules.TryRead(Bytes.Of(JsonNode.Parse(compiled)!.ToString()), out var rules));
        Assert.Equal(TestRequest.Rules(Whole), rules);
    }

    [Fact]
    public void Compiled_rules_that_are_cut_or_changed_anywhere_are_refused()
    {
        var compiled = Bytes.Of(Compiled(Whole));
        var end = compiled.Length - "\"}".Length;
        for (var at = compiled.IndexOf((byte)':') + 2; at < end; at++)
        {
            Assert.False(TagRules.TryRead([.. compiled[..at], .. "\"}"u8], out _));

            // The last letter has bits of no byte.
            var changed = compiled.ToArray();
            changed[at] = changed[at] == 'g' ? (byte)'x' : (byte)'g';
            Assert.True(!TagRules.TryRead(changed, out var rules) || rules.AsSpan().SequenceEqual(TestRequest.Rules(Whole)));
        }
    }

    [Fact]
    public void Any_bytes_are_refused_or_read()
    {
        Gen.Byte.Array[0, 60].Sample(bytes => !TagRules.TryRead(bytes, out _));
        Gen.String[Gen.Char['\"', ':'], 0, 60].Sample(text => !TagRules.TryRead(Bytes.Of(text), out _));
    }

    [Fact]
    public void A_configuration_that_is_changed_anywhere_is_taken_or_refused()
    {
        var whole = Bytes.Of(Whole);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, whole.Length], Sdk.Bytes.OneOf("", "{", "}", "[", "]", ",", "\"", "\\", "9", "x"))
            .Sample(
                (from, to, text) =>
                {
                    byte[] changed = [.. whole[..from], .. Bytes.Of(text), .. whole[Math.Max(from, to)..]];
                    if (TagConfiguration.TryCompile(Bytes.Text(changed), out var compiled, out _))
                    {
                        Assert.True(TagRules.TryRead(Bytes.Of(compiled), out var rules));
                        new TestRequest("cookie: beta=1\nu: v\n:path: /n?b=%41").Tagged(rules);
                    }
                },
                iter: 20_000);
    }

    [Fact]
    public void A_table_is_walked_to_the_same_end_as_by_its_maker()
    {
        foreach (var pattern in (string[])["", "a(b|c)*d", "[^a-z]{2,9}é?", "(ab){300}"])
        {
            Assert.True(RegexTable.TryCompile(pattern, RegexExtent.Whole, out var table, out _));
            Sdk.Bytes.OneOf("a", "b", "c", "d", "é", "-").Array[0, 12].Select(string.Concat).Sample(text =>
                table.IsMatch(Bytes.Of(text)) == RegexWalk.Matches(table.Bytes.AsSpan(), Bytes.Of(text)));
        }
    }

    private static string Compiled(string configuration)
    {
        Assert.True(TagConfiguration.TryCompile(configuration, out var compiled, out var mistake), mistake?.Message);
        return compiled;
    }
}

using CsCheck;
using global::TrafficTag;
using Weft.Wasm.Regexes;
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
    [InlineData("")]
    [InlineData("{}")]
    [InlineData(" {\"rules\":[],\"weights\":[]} ")]
    public void A_configuration_can_be_empty(string configuration)
    {
        Assert.Equal("", TestRequest.Problem(Bytes.Of(configuration), out var rules));
        Assert.Null(new TestRequest("a: b").Tagged(rules));
    }

    [Theory]
    [InlineData("[]", "an object must stand here")]
    [InlineData("{", "no JSON at byte 1")]
    [InlineData("{} x", "no JSON at byte 3")]
    [InlineData(" ", "no JSON at byte 1")]
    [InlineData("""{"rulez":[]}""", "not known: rulez")]
    [InlineData("""{"role":"edge"}""", "not known: edge")]
    [InlineData("""{"header":{}}""", "a text must stand here")]
    [InlineData("""{"header":"\ud800"}""", "a text has half of a character")]
    [InlineData("""{"rules":{}}""", "a list must stand here")]
    [InlineData("""{"rules":[{"tag":"t"}]}""", "rules[0]: conditions are missing")]
    [InlineData("""{"rules":[{"tag":"t","conditions":[]}]}""", "rules[0]: conditions are missing")]
    [InlineData("""{"rules":[{"tag":"t","conditions":[{"from":"path","is":"exists"}]},3]}""", "rules[1]: an object must stand here")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"exists"}]}]}""", "rules[0]: a tag is missing")]
    [InlineData("""{"rules":[{"match":"none"}]}""", "rules[0]: not known: none")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"exists"},{}]}]}""", "rules[0].conditions[1]: an operator is missing")]
    [InlineData("""{"rules":[{"conditions":[{"is":"exists"}]}]}""", "rules[0].conditions[0]: it does not say where its value is from")]
    [InlineData("""{"rules":[{"conditions":[{"from":"body"}]}]}""", "rules[0].conditions[0]: not known: body")]
    [InlineData("""{"rules":[{"conditions":[{"is":"like"}]}]}""", "rules[0].conditions[0]: not known: like")]
    [InlineData("""{"rules":[{"conditions":[{"from":"header","is":"exists"}]}]}""", "rules[0].conditions[0]: a key is missing")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"equal"}]}]}""", "rules[0].conditions[0]: it takes exactly one value")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"prefix","value":["a","b"]}]}]}""", "rules[0].conditions[0]: it takes exactly one value")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"in","value":[]}]}]}""", "rules[0].conditions[0]: a value is missing")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"in","value":[true]}]}]}""", "rules[0].conditions[0]: a text must stand here")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"percentage","value":101}]}]}""", "rules[0].conditions[0]: a percentage is one number from 0 to 100")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"regex","value":"a"}]}]}""", "rules[0].conditions[0]: a regex needs its table, which the tool that ships the configuration makes")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"regex","value":"a","table":"AAAA"}]}]}""", "rules[0].conditions[0]: its table is none")]
    [InlineData("""{"rules":[{"tag":"a","conditions":[{"from":"path","is":"exists"}],"x":1}]}""", "rules[0]: not known: x")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"exists","x":1}]}]}""", "rules[0].conditions[0]: not known: x")]
    [InlineData("""{"weights":[{"tag":"a","weight":6,"x":1}]}""", "weights[0]: not known: x")]
    [InlineData("""{"weightKey":{"from":"path","x":1}}""", "not known: x")]
    [InlineData("""{"weights":[{"tag":"a","weight":60},{"tag":"b","weight":41}]}""", "weights[1]: weights go from 0 to 100, and so does their sum")]
    [InlineData("""{"weights":[{"tag":"a","weight":-1}]}""", "weights[0]: weights go from 0 to 100, and so does their sum")]
    [InlineData("""{"weights":[{"tag":"a"}]}""", "weights[0]: weights go from 0 to 100, and so does their sum")]
    [InlineData("""{"weights":[{"tag":"a","weight":1.5}]}""", "weights[0]: a weight is a whole number")]
    [InlineData("""{"weights":[{"weight":1}]}""", "weights[0]: a tag is missing")]
    [InlineData("""{"weightKey":{"key":"a"}}""", "it does not say where its value is from")]
    [InlineData("""{"rules":[{"tag":"a","conditions":[{"from":"path"]}]}""", "rules[0].conditions[0]: no JSON at byte 49")]
    public void A_mistake_is_named_with_its_place(string configuration, string problem) =>
        Assert.Equal(problem, TestRequest.Problem(Bytes.Of(configuration), out _));

    [Fact]
    public void What_stands_behind_a_mistake_in_a_list_does_not_count()
    {
        Assert.Equal("not known: x", TestRequest.Problem("""{"rules":[],"weights":[],"x":1}"""u8, out _));
    }

    [Fact]
    public void A_configuration_that_is_cut_anywhere_is_refused()
    {
        var whole = Bytes.Of(Whole);
        Assert.Equal("", TestRequest.Problem(whole, out _));
        for (var end = 1; end < whole.Length; end++)
        {
            Assert.NotEqual("", TestRequest.Problem(whole.AsSpan(0, end), out _));
        }
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
                    if (TestRequest.Problem(changed, out var rules).Length == 0)
                    {
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
            Assert.True(RegexWalk.IsTable(table.Bytes.AsSpan()));
            Sdk.Bytes.OneOf("a", "b", "c", "d", "é", "-").Array[0, 12].Select(string.Concat).Sample(text =>
                table.IsMatch(Bytes.Of(text)) == RegexWalk.Matches(table.Bytes.AsSpan(), Bytes.Of(text)));
        }
    }

    [Fact]
    public void A_table_that_is_changed_anywhere_is_refused_or_leads_nowhere_out()
    {
        Assert.True(RegexTable.TryCompile("a(b|c)*d", RegexExtent.Whole, out var table, out _));
        Assert.False(RegexWalk.IsTable(table.Bytes.AsSpan()[..^1]));
        Assert.False(RegexWalk.IsTable([.. table.Bytes, 0]));
        Gen.Select(Gen.Int[0, table.Bytes.Length - 1], Gen.Byte, Gen.Byte.Array[0, 20]).Sample((at, value, text) =>
        {
            var changed = table.Bytes.SetItem(at, value).AsSpan();
            if (RegexWalk.IsTable(changed))
            {
                RegexWalk.Matches(changed, text);
            }
        });
        Gen.Byte.Array[0, 300].Sample(bytes => !RegexWalk.IsTable(bytes));
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Weft.Wasm.Regexes;

namespace Weft.Wasm.Tests.Regexes;

public sealed class ConfiguredRegexesTests
{
    [Fact]
    public void Each_pattern_gets_its_table_and_the_rest_stays_as_it_is()
    {
        Assert.True(ConfiguredRegexes.TryCompile(
            """{"a":[{"is":"regex","value":"b+"},{"is":"equal","value":"b+"}],"b":{"conditionType":"x","operator":"REGEX","value":["b+"]}}""",
            out var compiled,
            out _));
        var root = JsonNode.Parse(compiled)!;
        Assert.Equal(Table("b+", RegexExtent.Whole), root["a"]![0]!["table"]!.GetValue<string>());
        Assert.Equal("""{"is":"equal","value":"b\u002B"}""", root["a"]![1]!.ToJsonString());
        Assert.Equal(Table("b+", RegexExtent.Part), root["b"]!["table"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"a":[{"is":"regex","value":"("}]}""", "WEFT6201", "$.a[0]: ")]
    [InlineData("""{"is":"regex","value":"(a{1000}){1000}"}""", "WEFT6202", "$: ")]
    [InlineData("""{"is":"regex","value":["a","b"]}""", "WEFT6203", "$.value")]
    [InlineData("""{"is":"regex"}""", "WEFT6203", "$.value")]
    [InlineData("""{"is":""", "WEFT6203", "not JSON")]
    public void A_mistake_has_its_code_and_its_place(string configuration, string code, string place)
    {
        Assert.False(ConfiguredRegexes.TryCompile(configuration, out _, out var mistake));
        Assert.Equal(code, mistake.Code);
        Assert.Contains(place, mistake.Message);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("3")]
    public void Any_JSON_is_a_configuration(string configuration)
    {
        Assert.True(ConfiguredRegexes.TryCompile(configuration, out var compiled, out _));
        Assert.Equal(configuration, JsonSerializer.Serialize(JsonNode.Parse(compiled)));
    }

    private static string Table(string pattern, RegexExtent extent)
    {
        Assert.True(RegexTable.TryCompile(pattern, extent, out var table, out _));
        return Convert.ToBase64String(table.Bytes.AsSpan());
    }
}

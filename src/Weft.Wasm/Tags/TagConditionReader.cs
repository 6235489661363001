using System.Collections.Immutable;
using System.Text.Json;
using Weft.Wasm.Regexes;

namespace Weft.Wasm.Tags;

/// <summary>Reads a condition, and compiles its regular expression.</summary>
internal static class TagConditionReader
{
    private static readonly string[] Words =
        ["equal", "in", "not_equal", "not_in", "prefix", "regex", "percentage", "exists", "not_exists"];

    public static TagCondition Read(JsonElement value, string path)
    {
        var condition = TagObject.Of(value, path, "from", "conditionType", "key", "is", "operator", "value");
        var place = TagRuleReader.Place(condition);
        var word = condition.Word("is", "operator", Words);
        var values = Values(condition);
        var test = word switch
        {
            < 0 => throw TagMistakeException.At(path, "an operator is missing", "write is"),
            < 4 => (TagTest)(word >> 1),
            _ => (TagTest)(word - 2),
        };
        CheckCount(path, Words[word], values.Length);
        var percent = 0;
        return test switch
        {
            TagTest.Percentage when !TagRuleReader.TryPercent(values[0], out percent) =>
                throw TagMistakeException.At(path, "a percentage is one number from 0 to 100"),
            TagTest.Regex => new(place, test, [], 0, Table(condition, values[0])),
            _ => new(place, test, values, percent, []),
        };
    }

    private static void CheckCount(string path, string word, int count)
    {
        if (word is "exists" or "not_exists")
        {
            return;
        }

        if (word is "in" or "not_in" ? count == 0 : count != 1)
        {
            throw TagMistakeException.At(path, $"'{word}' takes {(word is "in" or "not_in" ? "values" : "exactly one value")}");
        }
    }

    // One value, or a list of them.
    private static ImmutableArray<string> Values(TagObject condition) => condition.Find("value") switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(v => TagObject.TextOf(v, condition.Path, "value"))],
        { } single => [TagObject.TextOf(single, condition.Path, "value")],
    };

    // Higress looks for a part that matches.
    private static ImmutableArray<byte> Table(TagObject condition, string pattern)
    {
        var extent = condition.Find("conditionType") is null ? RegexExtent.Whole : RegexExtent.Part;
        return RegexTable.TryCompile(pattern, extent, out var table, out var mistake)
            ? table.Bytes
            : throw new TagMistakeException(new(condition.Path, mistake.Code, mistake.Message, mistake.Fix));
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Weft.Flow;

namespace Weft.Wasm.Regexes;

/// <summary>
/// The regular expressions in a plugin's configuration. Each object whose <c>is</c>, or <c>operator</c>, is
/// <c>regex</c> gets a member <c>table</c> with the <see cref="RegexTable"/> of its <c>value</c> in base64, since a
/// plugin walks tables and compiles nothing. In an object with <c>conditionType</c>, Higress's form, a part of the text
/// is enough, as it is there; in others all of it must match.
/// </summary>
public static class ConfiguredRegexes
{
    /// <summary>Puts the tables in.</summary>
    /// <param name="configuration">The configuration, JSON.</param>
    /// <param name="compiled">The configuration with tables, JSON.</param>
    /// <param name="mistake">What is wrong: WEFT6201, WEFT6202 or WEFT6203.</param>
    public static bool TryCompile(
        string configuration, [NotNullWhen(true)] out string? compiled, [NotNullWhen(false)] out Diagnostic? mistake)
    {
        compiled = null;
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(configuration);
        }
        catch (JsonException e)
        {
            mistake = Diagnostic.Error("WEFT6203", null, $"the configuration is not JSON: {e.Message}");
            return false;
        }

        mistake = Compile(root);
        compiled = mistake is null ? root?.ToJsonString() ?? "null" : null;
        return mistake is null;
    }

    // As deep as the parser allows, which is 64.
    private static Diagnostic? Compile(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array:
                return array.Select(Compile).FirstOrDefault(m => m is not null);
            case JsonObject members:
                return members.Select(m => Compile(m.Value)).FirstOrDefault(m => m is not null)
                    ?? (IsRegex(members) ? CompileCondition(members) : null);
            default:
                return null;
        }
    }

    private static bool IsRegex(JsonObject condition) =>
        (condition["is"] ?? condition["operator"]) is JsonValue value
        && value.TryGetValue<string>(out var word)
        && word.Equals("regex", StringComparison.OrdinalIgnoreCase);

    private static Diagnostic? CompileCondition(JsonObject condition)
    {
        var value = condition["value"] is JsonArray { Count: 1 } array ? array[0] : condition["value"];
        if (value is not JsonValue single || !single.TryGetValue<string>(out var pattern))
        {
            return Diagnostic.Error(
                "WEFT6203",
                null,
                $"{condition.GetPath()}.value must be one regular expression",
                "write it as a string");
        }

        var extent = condition.ContainsKey("conditionType") ? RegexExtent.Part : RegexExtent.Whole;
        if (!RegexTable.TryCompile(pattern, extent, out var table, out var mistake))
        {
            return mistake with { Message = $"{condition.GetPath()}: {mistake.Message}" };
        }

        condition["table"] = Convert.ToBase64String(table.Bytes.AsSpan());
        return null;
    }
}

using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Wasm.Regexes;

namespace Weft.Manifests.Decoding;

/// <summary>
/// Reads what a plugin is configured with. Where it is rules as TrafficTag has them, in its own form or in Higress's, each
/// regular expression gets its table: a plugin walks tables and compiles nothing. What looks otherwise stays as it is.
/// </summary>
internal static class PluginSettingsText
{
    public static string Of(Node settings, string path, Findings findings)
    {
        var text = JsonText.Of(settings, path, findings);
        if (text.Length == 0 || !HasRegex(settings))
        {
            return text;
        }

        if (ConfiguredRegexes.TryCompile(text, out var compiled, out var mistake))
        {
            return compiled;
        }

        // "$" is the whole of the configuration.
        findings.Error(
            mistake.Code, settings.Where,
            mistake.Message.StartsWith('$') ? path + mistake.Message[1..] : mistake.Message, mistake.Fix);
        return text;
    }

    private static bool HasRegex(Node settings) =>
        Items(settings, "rules").Concat(Items(settings, "conditionGroups"))
            .SelectMany(rule => Items(rule, "conditions"))
            .Any(condition => IsRegex(Field(condition, "is")) || IsRegex(Field(condition, "operator")));

    private static bool IsRegex(Node? word) =>
        word is ScalarNode { Text: var text } && text.Equals("regex", StringComparison.OrdinalIgnoreCase);

    private static ImmutableArray<Node> Items(Node map, string field) => Field(map, field) is ListNode list ? list.Items : [];

    private static Node? Field(Node map, string name) =>
        map is MapNode { Fields: var fields } ? fields.Where(f => f.Name.Text == name).Select(f => f.Value).FirstOrDefault() : null;
}

using System.Globalization;
using Weft.Manifests.Yaml;
using Weft.Wasm.Tags;

namespace Weft.Manifests.Decoding;

/// <summary>Reads what a plugin is configured with, and compiles the rules of TrafficTag.</summary>
internal static class PluginSettingsText
{
    /// <param name="settings">The field.</param>
    /// <param name="path">The field's name, for findings.</param>
    /// <param name="areTags">Whether the plugin is TrafficTag. What others read stays as it is.</param>
    public static string Of(Node settings, string path, bool areTags, Findings findings)
    {
        var text = JsonText.Of(settings, path, findings);
        if (!areTags || text.Length == 0)
        {
            return text;
        }

        if (TagConfiguration.TryCompile(text, out var compiled, out var mistake))
        {
            return compiled;
        }

        // "$" is the whole of the configuration.
        findings.Error(mistake.Code, At(settings, mistake.Path).Where, $"{path}{mistake.Path[1..]}: {mistake.Message}", mistake.Fix);
        return text;
    }

    // Follows a path such as $.rules[1].conditions[0] as far as it goes.
    private static Node At(Node node, string path)
    {
        foreach (var step in path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            var next = node switch
            {
                MapNode map => map.Fields.FirstOrDefault(f => f.Name.Text == step)?.Value,
                ListNode list => list.Items.ElementAtOrDefault(int.Parse(step, CultureInfo.InvariantCulture)),
                _ => null,
            };
            node = next ?? node;
        }

        return node;
    }
}

using System.Text.RegularExpressions;

namespace Weft.Plugins;

/// <summary>What a new plugin is called: the name of its folder, its module and its metrics.</summary>
internal static partial class PluginName
{
    public const string Rule =
        "a plugin's name begins with a letter and has letters, digits, '-' and '_', at most 50, such as add-header";

    public static bool IsValid(string name) => Form().IsMatch(name);

    /// <summary>The C# namespace of a plugin: <c>AddHeaderPlugin</c> for <c>add-header</c>.</summary>
    public static string Namespace(string name) => string.Concat(
        name.Split('-', '_').Where(p => p.Length > 0).Select(p => char.ToUpperInvariant(p[0]) + p[1..])) + "Plugin";

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{0,49}\z")]
    private static partial Regex Form();
}

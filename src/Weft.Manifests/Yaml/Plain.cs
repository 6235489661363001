using System.Text.RegularExpressions;

namespace Weft.Manifests.Yaml;

/// <summary>
/// What a scalar without quotes stands for, by the rules that Kubernetes tools read YAML with: those of YAML 1.2
/// (chapter 10.3, the core schema), and the truth values <c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c> of YAML 1.1.
/// </summary>
internal static partial class Plain
{
    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>The truth value, or null where it is none.</summary>
    public static bool? TruthOf(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    /// <summary>The kind of a value that is not text, null for text.</summary>
    public static string? KindOf(string text) =>
        IsNull(text) ? "null"
        : TruthOf(text) is not null ? "truth value"
        : text.Length <= MaxNumberLength && Number().IsMatch(text) ? "number"
        : null;

    // Longer digits are nobody's number here; the bound keeps the expression away from megabytes.
    private const int MaxNumberLength = 64;

    [GeneratedRegex(
        @"^([-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?"
        + @"|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}

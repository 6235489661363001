using System.Globalization;
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

    /// <summary>A number as JSON writes it; null where it is none, or none that JSON can say.</summary>
    public static string? NumberOf(string text)
    {
        if (KindOf(text) != "number")
        {
            return null;
        }

        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var (sign, rest) = digits[0] == '-' ? ("-", digits[1..]) : ("", digits.TrimStart('+'));
        if (rest.Length > 1 && rest[0] == '0' && char.IsAsciiLetter(rest[1]) && rest[1] is not ('e' or 'E'))
        {
            var style = rest[1] == 'b' ? NumberStyles.BinaryNumber : NumberStyles.HexNumber;
            return rest[1] == 'o' ? Octal(rest[2..])
                : Int128.TryParse(rest[2..], style, CultureInfo.InvariantCulture, out var whole)
                    ? whole.ToString(CultureInfo.InvariantCulture)
                    : null;
        }

        if (IsWhole(rest))
        {
            return sign + rest;
        }

        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : null;
    }

    private static bool IsWhole(string digits) => digits.All(char.IsAsciiDigit) && (digits.Length == 1 || digits[0] != '0');

    private static string? Octal(string digits) => digits.Length <= 20
        ? digits.Aggregate(0L, (value, digit) => (value * 8) + (digit - '0')).ToString(CultureInfo.InvariantCulture)
        : null;

    // Longer digits are nobody's number here; the bound keeps the expression away from megabytes.
    private const int MaxNumberLength = 64;

    [GeneratedRegex(
        @"^([-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?"
        + @"|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}

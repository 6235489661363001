using System.Text.RegularExpressions;
using Weft.Manifests.Yaml;

namespace Weft.Manifests.Decoding;

/// <summary>Checks regular expressions, which every data plane must take: the common part of RE2 and .NET's linear engine.</summary>
internal static class Expressions
{
    private const int MaxLength = 1024;

    // RE2 reads these, .NET reads something else.
    private static readonly string[] Foreign = ["[:", "(?P<", @"\Q", @"\C", @"\pN"];

    /// <summary>The expression; reported where it is none.</summary>
    public static string Check(FieldReader reader, string name, ScalarNode text)
    {
        if (Complaint(text.Text) is { } complaint)
        {
            reader.Findings.Error(
                "WEFT1112", text.Where, $"{reader.PathOf(name)}: {Excerpt.Of(text.Text)} is no regular expression: {complaint}",
                "use the syntax of RE2, without look-around, back-references and named classes");
        }

        return text.Text;
    }

    private static string? Complaint(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return $"it must have 1 to {MaxLength} characters.";
        }

        if (Foreign.FirstOrDefault(f => text.Contains(f, StringComparison.Ordinal)) is { } foreign)
        {
            return $"{foreign} does not mean the same everywhere.";
        }

        try
        {
            _ = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return e.Message;
        }
    }
}

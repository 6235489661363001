using System.Text.RegularExpressions;

namespace Weft.Proxy.Routing;

/// <summary>
/// Compiles patterns of RE2, which Envoy uses, for .NET's engine that takes linear time like RE2's. What the two write
/// differently is translated; what .NET cannot do is refused.
/// </summary>
public static class Re2
{
    private const int LongestPattern = 4096;

    /// <summary>A pattern that must match a text from its first to its last character.</summary>
    /// <param name="error">What is wrong with it, where the result is null.</param>
    public static Regex? Whole(string pattern, out string? error) => Compile(pattern, @"\A(?:", @")\z", out error);

    /// <summary>A pattern that is looked for in a text.</summary>
    /// <param name="error">What is wrong with it, where the result is null.</param>
    public static Regex? Part(string pattern, out string? error) => Compile(pattern, "", "", out error);

    private static Regex? Compile(string pattern, string before, string after, out string? error)
    {
        if (pattern.Length > LongestPattern)
        {
            error = $"the pattern is longer than {LongestPattern} characters";
            return null;
        }

        try
        {
            error = null;
            return new(
                before + new Re2Translation(pattern).Read() + after,
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            error = $"'{pattern}' is not a pattern of RE2 that Weft.Proxy can follow: {e.Message}";
            return null;
        }
    }
}

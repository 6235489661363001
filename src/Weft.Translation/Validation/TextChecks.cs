using System.Text;
using System.Text.RegularExpressions;
using Validate;

namespace Weft.Translation.Validation;

/// <summary>The rules of text beyond const, in and not_in.</summary>
internal static class TextChecks
{
    public static IEnumerable<ValueCheck> Of(StringRules rules) =>
        [.. Lengths(rules), .. Parts(rules), .. WellKnownText.Of(rules)];

    /// <summary>RE2's syntax is nearly .NET's; like RE2 it runs in time linear to the text.</summary>
    public static Regex Compile(string pattern) =>
        new(pattern.Replace("\\C", "[\\s\\S]", StringComparison.Ordinal),
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static IEnumerable<ValueCheck> Lengths(StringRules rules)
    {
        // Lengths count code points; lengths in bytes are those of UTF-8.
        ulong? least = rules.HasLen ? rules.Len : rules.HasMinLen ? rules.MinLen : null;
        ulong? most = rules.HasLen ? rules.Len : rules.HasMaxLen ? rules.MaxLen : null;
        if (least > 0 || most is not null)
        {
            yield return Length(text => CodePoints(text), least, most, "characters");
        }

        ulong? leastBytes = rules.HasLenBytes ? rules.LenBytes : rules.HasMinBytes ? rules.MinBytes : null;
        ulong? mostBytes = rules.HasLenBytes ? rules.LenBytes : rules.HasMaxBytes ? rules.MaxBytes : null;
        if (leastBytes > 0 || mostBytes is not null)
        {
            yield return Length(text => (ulong)Encoding.UTF8.GetByteCount(text), leastBytes, mostBytes, "bytes");
        }
    }

    private static IEnumerable<ValueCheck> Parts(StringRules rules)
    {
        if (rules.HasPattern)
        {
            var pattern = Compile(rules.Pattern);
            yield return Demand(pattern.IsMatch, $"must match {rules.Pattern}");
        }

        if (rules.HasPrefix)
        {
            yield return Demand(text => text.StartsWith(rules.Prefix, StringComparison.Ordinal),
                $"must start with '{rules.Prefix}'");
        }

        if (rules.HasSuffix)
        {
            yield return Demand(text => text.EndsWith(rules.Suffix, StringComparison.Ordinal),
                $"must end with '{rules.Suffix}'");
        }

        if (rules.HasContains)
        {
            yield return Demand(text => text.Contains(rules.Contains, StringComparison.Ordinal),
                $"must contain '{rules.Contains}'");
        }

        if (rules.HasNotContains)
        {
            yield return Demand(
                text => !text.Contains(rules.NotContains, StringComparison.Ordinal),
                $"must not contain '{rules.NotContains}'");
        }
    }

    public static ValueCheck Demand(Func<string, bool> holds, string rule) =>
        value => holds((string)value) ? null : rule;

    private static ValueCheck Length(Func<string, ulong> measure, ulong? least, ulong? most, string unit)
    {
        var rule = LengthText.Of(least, most, unit);
        return Demand(
            text =>
            {
                var length = measure(text);
                return !(length < least || length > most);
            },
            rule);
    }

    private static ulong CodePoints(string text)
    {
        var count = 0UL;
        foreach (var letter in text)
        {
            count += char.IsLowSurrogate(letter) ? 0UL : 1UL;
        }

        return count;
    }
}

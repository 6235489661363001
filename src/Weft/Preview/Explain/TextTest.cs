using Envoy.Type.Matcher.V3;
using Weft.Proxy.Routing;

namespace Weft.Preview;

/// <summary>A comparison of a text, in words and as a function; null where it cannot be told here.</summary>
internal sealed record TextTest(string Words, Func<string, bool?> Fits)
{
    public static TextTest Exact(string text, StringComparison comparison = StringComparison.Ordinal) =>
        new($"is {Shown(text)}", value => value.Equals(text, comparison));

    public static TextTest Prefix(string text, StringComparison comparison = StringComparison.Ordinal) =>
        new($"begins with {Shown(text)}", value => value.StartsWith(text, comparison));

    public static TextTest Suffix(string text, StringComparison comparison = StringComparison.Ordinal) =>
        new($"ends with {Shown(text)}", value => value.EndsWith(text, comparison));

    public static TextTest Contains(string text, StringComparison comparison = StringComparison.Ordinal) =>
        new($"contains {Shown(text)}", value => value.Contains(text, comparison));

    /// <summary>"The entire value must match the regex."</summary>
    public static TextTest Regex(RegexMatcher matcher)
    {
        var compiled = Re2.Whole(matcher.Regex, out _);
        return new($"fits the regex {Shown(matcher.Regex)}", value => compiled?.IsMatch(value));
    }

    public static TextTest Of(StringMatcher matcher)
    {
        var comparison = matcher.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var test = matcher.MatchPatternCase switch
        {
            StringMatcher.MatchPatternOneofCase.Exact => Exact(matcher.Exact, comparison),
            StringMatcher.MatchPatternOneofCase.Prefix => Prefix(matcher.Prefix, comparison),
            StringMatcher.MatchPatternOneofCase.Suffix => Suffix(matcher.Suffix, comparison),
            StringMatcher.MatchPatternOneofCase.Contains => Contains(matcher.Contains, comparison),
            // "ignore_case has no effect for the safe_regex match."
            StringMatcher.MatchPatternOneofCase.SafeRegex => Regex(matcher.SafeRegex),
            _ => new("fits an extension", _ => null),
        };
        return matcher.IgnoreCase && matcher.MatchPatternCase != StringMatcher.MatchPatternOneofCase.SafeRegex
            ? test with { Words = test.Words + " (in any case)" }
            : test;
    }

    private static string Shown(string text) => text.Length == 0 ? "empty" : Preview.Words.Shown(text);
}

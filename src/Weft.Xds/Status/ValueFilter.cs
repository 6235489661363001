using System.Text.RegularExpressions;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;
using Pattern = Envoy.Type.Matcher.V3.ValueMatcher.MatchPatternOneofCase;
using TextPattern = Envoy.Type.Matcher.V3.StringMatcher.MatchPatternOneofCase;

namespace Weft.Xds.Statuses;

/// <summary>Envoy's matchers of texts and of values, as functions.</summary>
internal static class ValueFilter
{
    private const int LongestPattern = 512;

    // Matching takes time linear to the text; but how much for each character depends on the pattern.
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(100);

    /// <exception cref="ArgumentException">It is not one that this server knows.</exception>
    public static Predicate<string> Of(StringMatcher matcher)
    {
        var how = matcher.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return matcher.MatchPatternCase switch
        {
            TextPattern.Exact => text => text.Equals(matcher.Exact, how),
            TextPattern.Prefix => text => text.StartsWith(matcher.Prefix, how),
            TextPattern.Suffix => text => text.EndsWith(matcher.Suffix, how),
            TextPattern.Contains => text => text.Contains(matcher.Contains, how),
            // "This has no effect for the safe_regex match", says ignore_case.
            TextPattern.SafeRegex => Of(matcher.SafeRegex),
            TextPattern.None => throw new ArgumentException("A string matcher has no pattern."),
            _ => throw new ArgumentException("A string matcher's 'custom' is not supported."),
        };
    }

    /// <summary>A matcher of a value of metadata, null where there is none.</summary>
    /// <exception cref="ArgumentException">It is not one that this server knows.</exception>
    public static Predicate<Value?> Of(ValueMatcher? matcher)
    {
        switch (matcher?.MatchPatternCase)
        {
            case Pattern.NullMatch:
                return value => value?.KindCase == Value.KindOneofCase.NullValue;
            case Pattern.DoubleMatch:
                return Of(matcher.DoubleMatch);
            case Pattern.StringMatch:
                var text = Of(matcher.StringMatch);
                return value => value is { HasStringValue: true } && text(value.StringValue);
            case Pattern.BoolMatch:
                return value => value is { HasBoolValue: true } && value.BoolValue == matcher.BoolMatch;
            case Pattern.PresentMatch:
                // "If the path is referring to a non-primitive value, the result is always not matched."
                return value => value?.KindCase is not (Value.KindOneofCase.ListValue or Value.KindOneofCase.StructValue)
                    && matcher.PresentMatch == value is not null;
            case Pattern.ListMatch:
                var one = Of(matcher.ListMatch.OneOf);
                return value => value?.ListValue is { } list && list.Values.Any(v => one(v));
            case Pattern.OrMatch:
                var any = matcher.OrMatch.ValueMatchers.Select(Of).ToList();
                return value => any.Exists(matches => matches(value));
            default:
                throw new ArgumentException("A value matcher has no pattern, or one that is not supported.");
        }
    }

    private static Predicate<Value?> Of(DoubleMatcher matcher) => matcher.MatchPatternCase switch
    {
        DoubleMatcher.MatchPatternOneofCase.Exact =>
            value => value is { HasNumberValue: true } && value.NumberValue.Equals(matcher.Exact),
        // "The range is using half-open interval semantics [start, end)."
        DoubleMatcher.MatchPatternOneofCase.Range =>
            value => value is { HasNumberValue: true } && value.NumberValue >= matcher.Range.Start
                && value.NumberValue < matcher.Range.End,
        _ => throw new ArgumentException("A double matcher has no pattern."),
    };

    // "The regex is matched against the full string, not as a partial match."
    private static Predicate<string> Of(RegexMatcher matcher)
    {
        if (matcher.Regex.Length is 0 or > LongestPattern)
        {
            throw new ArgumentException($"A pattern has 1 to {LongestPattern} characters.");
        }

        try
        {
            var regex = new Regex(
                $@"\A(?:{matcher.Regex})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, LongestMatch);
            return text => Matches(regex, matcher.Regex, text);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"'{matcher.Regex}' is no pattern of RE2: {e.Message}", e);
        }
    }

    private static bool Matches(Regex regex, string pattern, string text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new ArgumentException($"'{pattern}' takes too long.", e);
        }
    }
}

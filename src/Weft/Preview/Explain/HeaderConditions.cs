using System.Globalization;
using Envoy.Config.Route.V3;
using Envoy.Type.V3;
using MatchCase = Envoy.Config.Route.V3.HeaderMatcher.HeaderMatchSpecifierOneofCase;

namespace Weft.Preview;

/// <summary>Envoy's conditions on a header.</summary>
internal static class HeaderConditions
{
    public static Condition Of(HeaderMatcher matcher)
    {
        var name = matcher.Name == ":method" ? "method" : $"header {Words.Shown(matcher.Name)}";
        string Found(RouteRequest request) =>
            string.Join(", ", request.Header(matcher.Name)) is { Length: > 0 } value ? $"it is {Words.Shown(value)}" : "there is none";
        if (matcher.HeaderMatchSpecifierCase is MatchCase.PresentMatch or MatchCase.None)
        {
            var wanted = (!matcher.HasPresentMatch || matcher.PresentMatch) != matcher.InvertMatch;
            return Condition.Of(
                wanted ? $"{name} is there" : $"no {name}",
                request => IsPresent(matcher, request) == wanted, Found);
        }

        var test = TextOf(matcher);
        var words = matcher.InvertMatch ? $"not: {name} {test.Words}" : $"{name} {test.Words}";
        return Condition.Of(words, request => Fits(matcher, test, request), Found);
    }

    private static bool IsPresent(HeaderMatcher matcher, RouteRequest request) =>
        matcher.TreatMissingHeaderAsEmpty || request.Header(matcher.Name).Any();

    // An absent header fits nothing, be it inverted or not ("the header matcher rule … will be false"). Of a header that
    // is written several times, one value that fits is enough; inverted, none may.
    private static bool? Fits(HeaderMatcher matcher, TextTest test, RouteRequest request)
    {
        var values = request.Header(matcher.Name).ToList();
        if (values.Count == 0)
        {
            if (!matcher.TreatMissingHeaderAsEmpty)
            {
                return false;
            }

            values.Add("");
        }

        var fits = values.Select(test.Fits).ToList();
        return fits.Contains(true) ? !matcher.InvertMatch : fits.Contains(null) ? null : matcher.InvertMatch;
    }

#pragma warning disable CS0612 // Deprecated in Envoy's API, and still obeyed by Envoy.
    private static TextTest TextOf(HeaderMatcher matcher) => matcher.HeaderMatchSpecifierCase switch
    {
        MatchCase.StringMatch => TextTest.Of(matcher.StringMatch),
        MatchCase.ExactMatch => TextTest.Exact(matcher.ExactMatch),
        MatchCase.PrefixMatch => TextTest.Prefix(matcher.PrefixMatch),
        MatchCase.SuffixMatch => TextTest.Suffix(matcher.SuffixMatch),
        MatchCase.ContainsMatch => TextTest.Contains(matcher.ContainsMatch),
        MatchCase.SafeRegexMatch => TextTest.Regex(matcher.SafeRegexMatch),
        MatchCase.RangeMatch => Range(matcher.RangeMatch),
        _ => new("fits an extension", _ => null),
    };
#pragma warning restore CS0612

    // "The entire header value must represent an integer in base 10 notation"; the range has its start and not its end.
    private static TextTest Range(Int64Range range) => new(
        string.Create(CultureInfo.InvariantCulture, $"is from {range.Start} to below {range.End}"),
        value => long.TryParse(value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= range.Start && number < range.End);
}

using System.Collections.Frozen;
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Envoy.Type.V3;
using Weft.Proxy.Routing;
using PathOneof = Envoy.Config.Route.V3.RouteMatch.PathSpecifierOneofCase;
using RouteMatch = Weft.Proxy.Routing.RouteMatch;

namespace Weft.Proxy.Config;

/// <summary>The conditions of a route.</summary>
internal static class MatchDecoding
{
    private static readonly FrozenSet<string> MatchFields = FrozenSet.Create(
        "prefix", "path", "path_separated_prefix", "safe_regex", "case_sensitive", "headers", "query_parameters",
        "grpc", "runtime_fraction");

    private static readonly FrozenSet<string> RegexFields = FrozenSet.Create("google_re2", "regex");

    public static RouteMatch Match(Envoy.Config.Route.V3.RouteMatch message, string where, Refusals refusals)
    {
        refusals.AddUnknown(message, where, MatchFields);
        return new(
            Path(message, where, refusals),
            [.. message.Headers.Select(h => Header(h, refusals))],
            [.. message.QueryParameters.Select(q => Query(q, refusals))],
            message.Grpc is not null,
            Fraction(message.RuntimeFraction?.DefaultValue));
    }

    public static double Fraction(FractionalPercent? fraction)
    {
        var denominator = fraction?.Denominator switch
        {
            FractionalPercent.Types.DenominatorType.TenThousand => 10_000d,
            FractionalPercent.Types.DenominatorType.Million => 1_000_000d,
            _ => 100d,
        };
        return fraction is null ? 1 : fraction.Numerator / denominator;
    }

    public static TextMatch Text(StringMatcher matcher, string where, Refusals refusals)
    {
        var comparison = matcher.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        switch (matcher.MatchPatternCase)
        {
            case StringMatcher.MatchPatternOneofCase.Exact: return new(TextKind.Exact, matcher.Exact, comparison);
            case StringMatcher.MatchPatternOneofCase.Prefix: return new(TextKind.Prefix, matcher.Prefix, comparison);
            case StringMatcher.MatchPatternOneofCase.Suffix: return new(TextKind.Suffix, matcher.Suffix, comparison);
            case StringMatcher.MatchPatternOneofCase.Contains:
                return new(TextKind.Contains, matcher.Contains, comparison);
            case StringMatcher.MatchPatternOneofCase.SafeRegex:
                // "ignore_case … has no effect for the safe_regex match".
                return new(TextKind.Regex, "", comparison, Regex(matcher.SafeRegex, where, refusals));
            default:
                refusals.Add(where, $"{matcher.MatchPatternCase} is not supported by Weft.Proxy");
                return new(TextKind.Exact, "", comparison);
        }
    }

    private static System.Text.RegularExpressions.Regex? Regex(RegexMatcher matcher, string where, Refusals refusals)
    {
        refusals.AddUnknown(matcher, where, RegexFields);
        var pattern = Re2.Whole(matcher.Regex, out var error);
        if (error is not null)
        {
            refusals.Add(where, error);
        }

        return pattern;
    }

    private static PathMatch Path(Envoy.Config.Route.V3.RouteMatch message, string where, Refusals refusals)
    {
        var comparison = message.CaseSensitive ?? true ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        switch (message.PathSpecifierCase)
        {
            case PathOneof.Path:
                return new(PathKind.Exact, message.Path, comparison);
            case PathOneof.PathSeparatedPrefix:
                return new(PathKind.SegmentPrefix, message.PathSeparatedPrefix, comparison);
            case PathOneof.SafeRegex:
                return new(PathKind.Regex, "", comparison, Regex(message.SafeRegex, $"{where} safe_regex", refusals));
            case PathOneof.None:
                refusals.Add(where, "the match has no path");
                return new(PathKind.Prefix, "", comparison);
            default:
                return new(PathKind.Prefix, message.Prefix, comparison);
        }
    }

    public static HeaderMatch Header(HeaderMatcher message, Refusals refusals)
    {
        var where = $"header {message.Name}";
        switch (message.HeaderMatchSpecifierCase)
        {
            case HeaderMatcher.HeaderMatchSpecifierOneofCase.None:
            case HeaderMatcher.HeaderMatchSpecifierOneofCase.PresentMatch:
                // "If present_match is false, the header must be absent."
                var absent = message.HeaderMatchSpecifierCase != HeaderMatcher.HeaderMatchSpecifierOneofCase.None
                    && !message.PresentMatch;
                return New(null, null, message.InvertMatch != absent);
            case HeaderMatcher.HeaderMatchSpecifierOneofCase.StringMatch:
                return New(Text(message.StringMatch, where, refusals), null, message.InvertMatch);
            case HeaderMatcher.HeaderMatchSpecifierOneofCase.RangeMatch:
                return New(null, new(message.RangeMatch.Start, message.RangeMatch.End), message.InvertMatch);
            default:
                refusals.Add(
                    where, $"{message.HeaderMatchSpecifierCase} is not supported by Weft.Proxy; use string_match");
                return New(null, null, false);
        }

        HeaderMatch New(TextMatch? text, NumberRange? range, bool invert) => new(
            message.Name.ToLowerInvariant(), text, range, invert, message.TreatMissingHeaderAsEmpty);
    }

    private static QueryMatch Query(QueryParameterMatcher message, Refusals refusals)
    {
        var isText = message.QueryParameterMatchSpecifierCase
            == QueryParameterMatcher.QueryParameterMatchSpecifierOneofCase.StringMatch;
        var isAbsent = message.QueryParameterMatchSpecifierCase
            == QueryParameterMatcher.QueryParameterMatchSpecifierOneofCase.PresentMatch && !message.PresentMatch;
        var text = isText ? Text(message.StringMatch, $"query parameter {message.Name}", refusals) : null;
        return new(message.Name, text, isAbsent);
    }
}

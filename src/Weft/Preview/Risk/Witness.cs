using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using PathCase = Envoy.Config.Route.V3.RouteMatch.PathSpecifierOneofCase;
using Route = Envoy.Config.Route.V3.Route;

namespace Weft.Preview;

/// <summary>A request that a route takes: by it a change is tried before it is made.</summary>
internal static class Witness
{
    /// <summary>Null where none is found that the route takes.</summary>
    public static RouteRequest? Of(RouteConfiguration table, VirtualHost host, Route route)
    {
        if (host.Domains.FirstOrDefault() is not { } domain || PathOf(route.Match) is not { } path)
        {
            return null;
        }

        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var matcher in route.Match.Headers.Where(h => !h.InvertMatch))
        {
            if (HeaderOf(matcher) is { } value)
            {
                headers.Add(KeyValuePair.Create(matcher.Name, value));
            }
        }

        if (route.Match.Grpc is not null)
        {
            headers.Add(KeyValuePair.Create("content-type", "application/grpc"));
        }

        var method = headers.FirstOrDefault(h => h.Key == ":method").Value ?? "GET";
        var query = string.Join('&', route.Match.QueryParameters.Select(p => $"{p.Name}={TextOf(p.StringMatch)}"));
        var request = new RouteRequest(
            domain.Replace("*", "any", StringComparison.Ordinal), method, query.Length > 0 ? $"{path}?{query}" : path,
            headers.ToImmutable());

        // What was only guessed, or is caught by a route before, is no witness.
        return RouteExplanation.Of(table, request).Takers.Any(s => ReferenceEquals(s.Route, route)) ? request : null;
    }

    private static string? PathOf(RouteMatch match) => match.PathSpecifierCase switch
    {
        PathCase.Prefix => match.Prefix.Length > 0 ? match.Prefix : "/",
        PathCase.Path => match.Path,
        PathCase.PathSeparatedPrefix => match.PathSeparatedPrefix,
        PathCase.SafeRegex => Plain(match.SafeRegex),
        _ => null,
    };

    private static string? HeaderOf(HeaderMatcher matcher) => matcher.HeaderMatchSpecifierCase switch
    {
        HeaderMatcher.HeaderMatchSpecifierOneofCase.StringMatch => TextOf(matcher.StringMatch),
        HeaderMatcher.HeaderMatchSpecifierOneofCase.RangeMatch => FormattableString.Invariant($"{matcher.RangeMatch.Start}"),
        HeaderMatcher.HeaderMatchSpecifierOneofCase.PresentMatch when !matcher.PresentMatch => null,
#pragma warning disable CS0612 // Deprecated in Envoy's API, and still obeyed by Envoy.
        HeaderMatcher.HeaderMatchSpecifierOneofCase.ExactMatch => matcher.ExactMatch,
        HeaderMatcher.HeaderMatchSpecifierOneofCase.PrefixMatch => matcher.PrefixMatch,
        HeaderMatcher.HeaderMatchSpecifierOneofCase.SuffixMatch => matcher.SuffixMatch,
        HeaderMatcher.HeaderMatchSpecifierOneofCase.ContainsMatch => matcher.ContainsMatch,
#pragma warning restore CS0612
        _ => "any",
    };

    private static string TextOf(StringMatcher? matcher) => matcher?.MatchPatternCase switch
    {
        StringMatcher.MatchPatternOneofCase.Exact => matcher.Exact,
        StringMatcher.MatchPatternOneofCase.Prefix => matcher.Prefix,
        StringMatcher.MatchPatternOneofCase.Suffix => matcher.Suffix,
        StringMatcher.MatchPatternOneofCase.Contains => matcher.Contains,
        StringMatcher.MatchPatternOneofCase.SafeRegex => Plain(matcher.SafeRegex),
        _ => "any",
    };

    // A regex that is plain text but for "anything" fits that text; more is not tried.
    private static string Plain(RegexMatcher regex) => regex.Regex.Replace(".*", "", StringComparison.Ordinal);
}

using Envoy.Config.Route.V3;
using Envoy.Type.V3;
using PathCase = Envoy.Config.Route.V3.RouteMatch.PathSpecifierOneofCase;

namespace Weft.Preview;

/// <summary>The conditions of a route, in the order in which people read them. The share that it takes is none of them.</summary>
internal static class Conditions
{
    public static IEnumerable<Condition> Of(RouteMatch match)
    {
        if (PathCondition(match) is { } path)
        {
            yield return path;
        }

        foreach (var header in match.Headers)
        {
            yield return HeaderConditions.Of(header);
        }

        foreach (var parameter in match.QueryParameters)
        {
            yield return QueryCondition(parameter);
        }

        if (match.Grpc is not null)
        {
            yield return Condition.Of("it is a gRPC call", IsGrpc, _ => "its content-type is not application/grpc");
        }

        if (match.TlsContext is { } tls)
        {
            yield return TlsCondition(tls);
        }

        foreach (var metadata in match.DynamicMetadata)
        {
            yield return Condition.Undecided($"metadata of the filter {Words.Shown(metadata.Filter)}");
        }
    }

    /// <summary>All of them as one sentence.</summary>
    public static string Sentence(RouteMatch match)
    {
        var words = Of(match).Select(c => c.Words).ToList();
        return words.Count == 0 ? "every request" : string.Join(", ", words);
    }

    /// <summary>The share of the fitting requests that a route takes, from 0 to 1.</summary>
    public static double ShareOf(RouteMatch match)
    {
        if (match.RuntimeFraction?.DefaultValue is not { } fraction)
        {
            return 1;
        }

        var whole = fraction.Denominator switch
        {
            FractionalPercent.Types.DenominatorType.TenThousand => 10_000.0,
            FractionalPercent.Types.DenominatorType.Million => 1_000_000,
            _ => 100,
        };
        return Math.Min(1, fraction.Numerator / whole);
    }

    private static Condition? PathCondition(RouteMatch match)
    {
        var comparison = match.CaseSensitive == false ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var anyCase = match.CaseSensitive == false ? " (in any case)" : "";
        return match.PathSpecifierCase switch
        {
            PathCase.Prefix when match.Prefix is "" or "/" => null,
            PathCase.Prefix => Path(TextTest.Prefix(match.Prefix, comparison), anyCase),
            PathCase.Path => Path(TextTest.Exact(match.Path, comparison), anyCase),
            PathCase.PathSeparatedPrefix => Path(Segments(match.PathSeparatedPrefix, comparison), anyCase),
            // "case_sensitive: ignored for safe_regex matching."
            PathCase.SafeRegex => Path(TextTest.Regex(match.SafeRegex), ""),
            PathCase.ConnectMatcher => Condition.Of(
                "method is CONNECT", r => r.Method == "CONNECT", r => $"the method is {Words.Shown(r.Method)}"),
            PathCase.PathMatchPolicy => Condition.Undecided($"path fits {Words.Shown(match.PathMatchPolicy.Name)}"),
            _ => Condition.Undecided("a path"),
        };
    }

    private static Condition Path(TextTest test, string more) => Condition.Of(
        $"path {test.Words}{more}", r => test.Fits(r.PathOnly), r => $"the path is {Words.Shown(r.PathOnly)}");

    private static TextTest Segments(string prefix, StringComparison comparison) => new(
        $"is {Words.Shown(prefix)} or below it",
        path => path.StartsWith(prefix, comparison) && (path.Length == prefix.Length || path[prefix.Length] == '/'));

    private static Condition QueryCondition(QueryParameterMatcher matcher)
    {
        var name = Words.Shown(matcher.Name);
        string Found(RouteRequest request) =>
            request.Query(matcher.Name) is { } value ? $"it is {Words.Shown(value)}" : "there is none";
        if (matcher.StringMatch is { } text)
        {
            var test = TextTest.Of(text);
            return Condition.Of(
                $"query parameter {name} {test.Words}",
                r => r.Query(matcher.Name) is { } value ? test.Fits(value) : false, Found);
        }

        return matcher is { HasPresentMatch: true, PresentMatch: false }
            ? Condition.Of($"no query parameter {name}", r => r.Query(matcher.Name) is null, Found)
            : Condition.Of($"query parameter {name} is there", r => r.Query(matcher.Name) is not null, Found);
    }

    // Envoy: "exactly application/grpc or starts with application/grpc+".
    private static bool? IsGrpc(RouteRequest request) =>
        request.Header("content-type").FirstOrDefault() is { } type
        && (type == "application/grpc" || type.StartsWith("application/grpc+", StringComparison.Ordinal));

    private static Condition TlsCondition(RouteMatch.Types.TlsContextMatchOptions tls)
    {
        var asked = new List<string>();
        if (tls.Presented is { } presented)
        {
            asked.Add(presented ? "a client certificate is presented" : "no client certificate is presented");
        }

        if (tls.Validated is { } validated)
        {
            asked.Add(validated ? "the client certificate is valid" : "the client certificate is not valid");
        }

        var fits = tls.Presented != true && tls.Validated != true;
        return Condition.Of(asked.Count == 0 ? "with or without TLS" : string.Join(" and ", asked), _ => fits, _ => "it comes without TLS");
    }
}

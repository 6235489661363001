using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Weft.Model;
using EnvoyRouteMatch = Envoy.Config.Route.V3.RouteMatch;

namespace Weft.Translation;

/// <summary>Conditions in Envoy's words.</summary>
internal static class RouteMatches
{
    /// <summary>One or several matches that together say the same as this one.</summary>
    public static IEnumerable<EnvoyRouteMatch> Of(Model.RouteMatch match, bool forGrpc)
    {
        foreach (var path in Paths(match.Path, forGrpc))
        {
            if (match.Method is { } method)
            {
                path.Headers.Add(new HeaderMatcher { Name = ":method", StringMatch = new StringMatcher { Exact = method } });
            }

            path.Headers.AddRange(match.Headers.Select(h => new HeaderMatcher { Name = h.Name, StringMatch = Text(h) }));
            path.QueryParameters.AddRange(match.Query.Select(q => new QueryParameterMatcher { Name = q.Name, StringMatch = Text(q) }));
            yield return path;
        }
    }

    public static RegexMatcher Regex(string expression) => new() { Regex = expression };

    private static StringMatcher Text(ValueMatch condition) => condition.Kind == TextMatchKind.Regex
        ? new() { SafeRegex = Regex(condition.Value) }
        : new() { Exact = condition.Value };

    private static IEnumerable<EnvoyRouteMatch> Paths(PathMatch path, bool forGrpc)
    {
        var prefix = path.Value.TrimEnd('/');
        return path.Kind switch
        {
            PathMatchKind.Exact => [new() { Path = path.Value }],
            PathMatchKind.Regex => [new() { SafeRegex = Regex(path.Value) }],
            _ when prefix.Length == 0 => [new() { Prefix = "/" }],
            // gRPC knows no prefix of whole segments: the segment itself, and all below it.
            _ when forGrpc => [new() { Path = prefix }, new() { Prefix = prefix + "/" }],
            _ => [new() { PathSeparatedPrefix = prefix }],
        };
    }
}

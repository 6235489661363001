using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using HostCase = Envoy.Config.Route.V3.RouteAction.HostRewriteSpecifierOneofCase;

namespace Weft.Preview;

/// <summary>What becomes of path and host on the way, in words.</summary>
internal static class RewriteWords
{
    public static IEnumerable<RouteFact> Of(RouteAction action)
    {
        if (action.PrefixRewrite.Length > 0)
        {
            yield return new("route.prefix_rewrite", "path", $"what matched becomes {Words.Shown(action.PrefixRewrite)}");
        }

        if (action.RegexRewrite is { } regex)
        {
            yield return new("route.regex_rewrite", "path", Substitution(regex));
        }

        if (action.PathRewritePolicy is { } policy)
        {
            yield return new("route.path_rewrite_policy", "path", $"rewritten by {Words.Shown(policy.Name)}");
        }

        if (HostOf(action) is var (field, words))
        {
            yield return new($"route.{field}", "host", words);
        }
    }

    public static string Substitution(RegexMatchAndSubstitute rewrite) =>
        $"{Words.Shown(rewrite.Pattern?.Regex ?? "")} becomes {Words.Shown(rewrite.Substitution)}";

    private static (string Field, string Words)? HostOf(RouteAction action) => action.HostRewriteSpecifierCase switch
    {
        HostCase.HostRewriteLiteral => ("host_rewrite_literal", $"becomes {Words.Shown(action.HostRewriteLiteral)}"),
        HostCase.AutoHostRewrite when action.AutoHostRewrite == true => ("auto_host_rewrite", "becomes that of the endpoint"),
        HostCase.HostRewriteHeader => ("host_rewrite_header", $"becomes the header {Words.Shown(action.HostRewriteHeader)}"),
        HostCase.HostRewritePathRegex => ("host_rewrite_path_regex", $"of the path: {Substitution(action.HostRewritePathRegex)}"),
        _ => null,
    };
}

/// <summary>A redirect in words.</summary>
internal static class RedirectWords
{
    public static string Of(RedirectAction redirect)
    {
        var parts = new List<string>();
        if (redirect.HttpsRedirect || redirect.SchemeRedirect.Length > 0)
        {
            parts.Add($"scheme {(redirect.HttpsRedirect ? "https" : Words.Shown(redirect.SchemeRedirect))}");
        }

        if (redirect.HostRedirect.Length > 0)
        {
            parts.Add($"host {Words.Shown(redirect.HostRedirect)}");
        }

        if (redirect.PortRedirect > 0)
        {
            parts.Add(FormattableString.Invariant($"port {redirect.PortRedirect}"));
        }

        parts.AddRange(PathOf(redirect));
        return $"{StatusOf(redirect)} to {(parts.Count > 0 ? string.Join(", ", parts) : "the same address")}"
            + (redirect.StripQuery ? ", without the query" : "");
    }

    public static int StatusOf(RedirectAction redirect) => redirect.ResponseCode switch
    {
        RedirectAction.Types.RedirectResponseCode.Found => 302,
        RedirectAction.Types.RedirectResponseCode.SeeOther => 303,
        RedirectAction.Types.RedirectResponseCode.TemporaryRedirect => 307,
        RedirectAction.Types.RedirectResponseCode.PermanentRedirect => 308,
        _ => 301,
    };

    private static IEnumerable<string> PathOf(RedirectAction redirect) => redirect.PathRewriteSpecifierCase switch
    {
        RedirectAction.PathRewriteSpecifierOneofCase.PathRedirect => [$"path {Words.Shown(redirect.PathRedirect)}"],
        RedirectAction.PathRewriteSpecifierOneofCase.PrefixRewrite => [$"what matched as {Words.Shown(redirect.PrefixRewrite)}"],
        RedirectAction.PathRewriteSpecifierOneofCase.RegexRewrite => [$"path with {RewriteWords.Substitution(redirect.RegexRewrite)}"],
        _ => [],
    };
}

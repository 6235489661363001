using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Weft.Model;
using Status = Envoy.Config.Route.V3.RedirectAction.Types.RedirectResponseCode;

namespace Weft.Translation;

/// <summary>Redirects and rewrites in Envoy's words.</summary>
internal static class Rewrites
{
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    /// <param name="listenerPort">The port that the request came in by; null where it has none of its own, as beside a workload.</param>
    public static RedirectAction Redirect(Redirect redirect, PathMatch match, int? listenerPort)
    {
        var action = new RedirectAction
        {
            HostRedirect = redirect.Host ?? "",
            PortRedirect = (uint)(PortOf(redirect, listenerPort) ?? 0),
            ResponseCode = redirect.Status switch
            {
                301 => Status.MovedPermanently,
                303 => Status.SeeOther,
                307 => Status.TemporaryRedirect,
                308 => Status.PermanentRedirect,
                _ => Status.Found,
            },
        };
        if (redirect.Scheme is { } scheme)
        {
            action.SchemeRedirect = scheme;
        }

        switch (redirect.Path)
        {
            case { IsPrefix: false } full:
                action.PathRedirect = full.Value;
                break;
            case { } prefix when RootOf(match, prefix) is { } regex:
                action.RegexRewrite = regex;
                break;
            case { } prefix:
                action.PrefixRewrite = Joined(match, prefix);
                break;
            case null:
                break;
        }

        return action;
    }

    public static void Rewrite(UrlRewrite rewrite, PathMatch match, RouteAction action)
    {
        if (rewrite.Host is { } host)
        {
            action.HostRewriteLiteral = host;
        }

        switch (rewrite.Path)
        {
            case { IsPrefix: false } full:
                action.RegexRewrite = new() { Pattern = RouteMatches.Regex("^/.*$"), Substitution = Literal(full.Value) };
                break;
            case { } prefix when RootOf(match, prefix) is { } regex:
                action.RegexRewrite = regex;
                break;
            case { } prefix:
                action.PrefixRewrite = Joined(match, prefix);
                break;
            case null:
                break;
        }
    }

    // "If port is empty: if redirect scheme is not-empty, … the well-known port associated with the redirect scheme. If
    // redirect scheme is empty, … the Gateway Listener port". And "implementations SHOULD NOT add the port number … that
    // will use HTTP with port 80, … HTTPS with port 443" (HTTPRequestRedirectFilter.port).
    private static int? PortOf(Redirect redirect, int? listenerPort)
    {
        var port = redirect.Port ?? (redirect.Scheme is null ? listenerPort : null);
        return (redirect.Scheme, port) is ("http" or null, HttpPort) or ("https" or null, HttpsPort) ? null : port;
    }

    // Without its prefix "/foo/bar" is "/bar" and "/foo" is "/": a plain replacement would leave "//bar".
    private static RegexMatchAndSubstitute? RootOf(PathMatch match, PathModifier path) =>
        path.Value.TrimEnd('/').Length > 0 || match.Value == "/"
            ? null
            : new() { Pattern = RouteMatches.Regex("^" + System.Text.RegularExpressions.Regex.Escape(match.Value) + "/*"), Substitution = "/" };

    // What follows the prefix begins with a slash, unless the prefix is itself the slash.
    private static string Joined(PathMatch match, PathModifier path) =>
        match.Value == "/" ? path.Value.TrimEnd('/') + "/" : path.Value.TrimEnd('/');

    private static string Literal(string substitution) => substitution.Replace(@"\", @"\\", StringComparison.Ordinal);
}

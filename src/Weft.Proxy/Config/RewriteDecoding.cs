using System.Collections.Frozen;
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Weft.Proxy.Routing;
using Schemes = Envoy.Config.Route.V3.RedirectAction.SchemeRewriteSpecifierOneofCase;

namespace Weft.Proxy.Config;

/// <summary>Changes of path and host: on the way to a cluster, or in a redirect.</summary>
internal static class RewriteDecoding
{
    private static readonly FrozenSet<string> RedirectFields = FrozenSet.Create(
        "https_redirect", "scheme_redirect", "host_redirect", "port_redirect", "path_redirect", "prefix_rewrite",
        "regex_rewrite", "response_code", "strip_query");

    private static readonly FrozenSet<string> PatternFields = FrozenSet.Create("google_re2", "regex");

    public static RedirectTarget Redirect(RedirectAction message, string where, Refusals refusals)
    {
        refusals.AddUnknown(message, where, RedirectFields);
        RequireClean(message.HostRedirect, $"{where} host_redirect", refusals);
        RequireClean(message.PathRedirect, $"{where} path_redirect", refusals);
        RequireClean(message.SchemeRedirect, $"{where} scheme_redirect", refusals);
        var scheme = message.SchemeRewriteSpecifierCase switch
        {
            Schemes.HttpsRedirect when message.HttpsRedirect => "https",
            Schemes.SchemeRedirect when message.SchemeRedirect.Length > 0 => message.SchemeRedirect,
            _ => null,
        };
        return new(
            scheme,
            NullIfEmpty(message.HostRedirect),
            message.PortRedirect == 0 ? "" : FormattableString.Invariant($":{message.PortRedirect}"),
            NullIfEmpty(message.PathRedirect),
            Path(message.PrefixRewrite, message.RegexRewrite, where, refusals),
            message.StripQuery);
    }

    public static int Status(RedirectAction.Types.RedirectResponseCode code) => code switch
    {
        RedirectAction.Types.RedirectResponseCode.Found => 302,
        RedirectAction.Types.RedirectResponseCode.SeeOther => 303,
        RedirectAction.Types.RedirectResponseCode.TemporaryRedirect => 307,
        RedirectAction.Types.RedirectResponseCode.PermanentRedirect => 308,
        _ => 301,
    };

    public static PathRewrite? Path(
        string prefix, RegexMatchAndSubstitute? pattern, string where, Refusals refusals)
    {
        RequireClean(prefix, $"{where} prefix_rewrite", refusals);
        if (prefix.Length > 0 && pattern is not null)
        {
            refusals.Add(where, "prefix_rewrite and regex_rewrite exclude each other");
        }

        return pattern is not null ? Pattern(pattern, $"{where} regex_rewrite", refusals)
            : prefix.Length > 0 ? new PathRewrite.Prefix(prefix) : null;
    }

    public static HostRewrite? Host(Envoy.Config.Route.V3.RouteAction message, string where, Refusals refusals)
    {
        RequireClean(message.HostRewriteLiteral, $"{where} host_rewrite_literal", refusals);
        return message.HostRewriteLiteral is { Length: > 0 } host ? new(host, message.AppendXForwardedHost) : null;
    }

    private static PathRewrite.Pattern? Pattern(RegexMatchAndSubstitute message, string where, Refusals refusals)
    {
        if (message.Pattern is { } pattern)
        {
            refusals.AddUnknown(pattern, where, PatternFields);
        }

        RequireClean(message.Substitution, where, refusals);
        var regex = Re2.Part(message.Pattern?.Regex ?? "", out var error);
        if (error is not null)
        {
            refusals.Add(where, error);
        }

        if (regex is null)
        {
            return null;
        }

        if (Substitution.Parse(message.Substitution, regex.GetGroupNumbers().Length - 1) is { } substitution)
        {
            return new(regex, substitution);
        }

        refusals.Add(where, $"'{message.Substitution}' asks for a group that the pattern does not have");
        return null;
    }

    private static void RequireClean(string text, string where, Refusals refusals)
    {
        // They become parts of a request line or header; only printable ASCII can be sent as it stands.
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            refusals.Add(where, "it holds a character that no address has");
        }
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

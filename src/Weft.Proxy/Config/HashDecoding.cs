using System.Collections.Frozen;
using Weft.Proxy.Routing;
using Message = Envoy.Config.Route.V3.RouteAction.Types.HashPolicy;

namespace Weft.Proxy.Config;

/// <summary>What requests are balanced by.</summary>
internal static class HashDecoding
{
    private static readonly FrozenSet<string> HeaderFields = FrozenSet.Create("header_name");
    private static readonly FrozenSet<string> QueryFields = FrozenSet.Create("name");
    private static readonly FrozenSet<string> CookieFields = FrozenSet.Create("name", "ttl", "path");

    public static HashPolicy? Decode(Message message, string where, Refusals refusals)
    {
        var inside = $"{where} hash_policy";
        switch (message.PolicySpecifierCase)
        {
            case Message.PolicySpecifierOneofCase.Header:
                refusals.AddUnknown(message.Header, inside, HeaderFields);
                return new HashPolicy.Header(message.Header.HeaderName.ToLowerInvariant(), message.Terminal);
            case Message.PolicySpecifierOneofCase.QueryParameter:
                refusals.AddUnknown(message.QueryParameter, inside, QueryFields);
                return new HashPolicy.Query(message.QueryParameter.Name, message.Terminal);
            case Message.PolicySpecifierOneofCase.ConnectionProperties when message.ConnectionProperties.SourceIp:
                return new HashPolicy.Source(message.Terminal);
            case Message.PolicySpecifierOneofCase.Cookie:
                var cookie = message.Cookie;
                refusals.AddUnknown(cookie, inside, CookieFields);
                RequireCookie(cookie.Name, cookie.Path, inside, refusals);
                return new HashPolicy.Cookie(
                    cookie.Name, refusals.Read(cookie.Ttl, $"{inside} ttl"), cookie.Path, message.Terminal);
            default:
                refusals.Add(inside, $"{message.PolicySpecifierCase} is not supported by Weft.Proxy");
                return null;
        }
    }

    /// <summary>RFC 6265: a cookie's name is a token, its path holds no semicolon and no control characters.</summary>
    public static void RequireCookie(string name, string path, string where, Refusals refusals)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(HeaderNames.Token))
        {
            refusals.Add(where, $"'{name}' is not a cookie's name");
        }

        if (path.AsSpan().ContainsAnyExceptInRange(' ', '~') || path.Contains(';', StringComparison.Ordinal))
        {
            refusals.Add(where, "the cookie's path holds a character that none has");
        }
    }
}

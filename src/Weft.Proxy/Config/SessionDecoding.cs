using System.Collections.Frozen;
using Envoy.Extensions.Filters.Http.StatefulSession.V3;
using Envoy.Extensions.Http.StatefulSession.Cookie.V3;
using Envoy.Extensions.Http.StatefulSession.Header.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Filters;

namespace Weft.Proxy.Config;

/// <summary>How callers are kept at their endpoints.</summary>
internal static class SessionDecoding
{
    private static readonly FrozenSet<string> Fields = FrozenSet.Create("session_state", "strict");
    private static readonly FrozenSet<string> CookieFields = FrozenSet.Create("name", "ttl", "path");

    /// <summary>Null where it is another filter's.</summary>
    public static HttpFilterConfig? TryDecode(Any packed, string where, Refusals refusals)
    {
        if (packed.TryUnpack<StatefulSessionPerRoute>(out var perRoute))
        {
            return perRoute.Disabled || perRoute.StatefulSession is null
                ? HttpFilterConfig.Off.Instance
                : Decode(perRoute.StatefulSession, where, refusals);
        }

        return packed.TryUnpack<StatefulSession>(out var session) ? Decode(session, where, refusals) : null;
    }

    private static HttpFilterConfig Decode(StatefulSession message, string where, Refusals refusals)
    {
        refusals.AddUnknown(message, where, Fields);
        var state = message.SessionState?.TypedConfig;
        if (state is null)
        {
            // "If not specified, the filter does nothing."
            return HttpFilterConfig.Off.Instance;
        }

        if (state.TryUnpack<HeaderBasedSessionState>(out var header))
        {
            if (header.Name.Length == 0 || header.Name.AsSpan().ContainsAnyExcept(HeaderNames.Token))
            {
                refusals.Add(where, $"'{header.Name}' is not a header name");
            }

            return new SessionAffinity.Header(header.Name.ToLowerInvariant(), message.Strict);
        }

        if (state.TryUnpack<CookieBasedSessionState>(out var packed) && packed.Cookie is { } cookie)
        {
            refusals.AddUnknown(cookie, where, CookieFields);
            HashDecoding.RequireCookie(cookie.Name, cookie.Path, where, refusals);
            var lifetime = refusals.Read(cookie.Ttl, $"{where} ttl") ?? TimeSpan.Zero;
            return new SessionAffinity.Cookie(cookie.Name, lifetime, cookie.Path, message.Strict);
        }

        refusals.Add(where, $"session_state {message.SessionState!.Name} is not supported by Weft.Proxy");
        return HttpFilterConfig.Off.Instance;
    }
}

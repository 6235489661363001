using Weft.Wasm.Sdk;

namespace FourRules;

/// <summary>Tags a request by the first of four rules that holds: a value, a prefix, a cookie, a share.</summary>
public struct FourRulesPlugin : IHttpPlugin<FourRulesPlugin, FourRulesRequest>;

/// <summary>One request.</summary>
public struct FourRulesRequest : IHttpStream<FourRulesPlugin>
{
    /// <inheritdoc/>
    public readonly FilterAction OnRequestHeaders(ref FourRulesPlugin plugin, bool endOfStream)
    {
        if (Request.Headers.TryGet("x-user-tier"u8, out var tier) && tier.SequenceEqual("gold"u8))
        {
            Request.Headers.Add("x-envoy-flow-tag"u8, "canary-v2"u8);
        }
        else if (Request.Headers.TryGet("x-client"u8, out var client) && client.StartsWith("mobile/"u8))
        {
            Request.Headers.Add("x-envoy-flow-tag"u8, "mobile-gray"u8);
        }
        else if (Request.Headers.TryGet("cookie"u8, out var cookies) && HasCookie(cookies, "gray"u8, "1"u8))
        {
            Request.Headers.Add("x-envoy-flow-tag"u8, "cookie-gray"u8);
        }
        else if (Request.Headers.TryGet("x-user-id"u8, out var user) && Hash(user) % 100 < 30)
        {
            Request.Headers.Add("x-envoy-flow-tag"u8, "percent-gray"u8);
        }

        return FilterAction.Continue;
    }

    private static bool HasCookie(ReadOnlySpan<byte> cookies, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        while (cookies.Length > 0)
        {
            var end = cookies.IndexOf((byte)';');
            var cookie = end < 0 ? cookies : cookies[..end];
            cookies = end < 0 ? default : cookies[(end + 1)..];
            while (cookie.Length > 0 && cookie[0] == ' ')
            {
                cookie = cookie[1..];
            }

            if (cookie.Length > name.Length && cookie[name.Length] == '=' && cookie.StartsWith(name))
            {
                return cookie[(name.Length + 1)..].SequenceEqual(value);
            }
        }

        return false;
    }

    private static uint Hash(ReadOnlySpan<byte> text)
    {
        var hash = 2166136261;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 16777619;
        }

        return hash;
    }
}

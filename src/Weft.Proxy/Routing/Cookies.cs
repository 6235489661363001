using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Weft.Proxy.Routing;

/// <summary>Cookies as Envoy reads and writes them.</summary>
internal static class Cookies
{
    /// <summary>The first value of a cookie, without its quotes; null where there is none.</summary>
    public static string? Find(IHeaderDictionary headers, string name)
    {
        foreach (var header in headers.Cookie)
        {
            var rest = header.AsSpan();
            foreach (var range in rest.Split(';'))
            {
                var pair = rest[range].Trim(' ');
                var equal = pair.IndexOf('=');
                if (equal >= 0 && pair[..equal].SequenceEqual(name))
                {
                    var value = pair[(equal + 1)..];
                    return value is ['"', .., '"'] ? value[1..^1].ToString() : value.ToString();
                }
            }
        }

        return null;
    }

    /// <summary>The value of <c>set-cookie</c>.</summary>
    /// <param name="lifetime">Zero for as long as the caller's session.</param>
    public static string Set(string name, string value, TimeSpan lifetime, string path)
    {
        var age = lifetime == TimeSpan.Zero
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; Max-Age={(long)lifetime.TotalSeconds}");
        return $"{name}=\"{value}\"{age}{(path.Length == 0 ? "" : $"; Path={path}")}; HttpOnly";
    }
}

using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads the settings of a <c>CORS</c> filter.</summary>
internal static class CorsDecoder
{
    // "The default value of max-age is 5 (seconds)" (HTTPCORSFilter.maxAge).
    private const int DefaultMaxAge = 5;

    public static CorsPolicy Decode(FieldReader settings)
    {
        var origins = settings.Texts("allowOrigins").ToArray();
        foreach (var origin in origins.Where(o => !Syntax.IsOrigin(o.Text)))
        {
            settings.Findings.Error(
                "WEFT1116", origin.Where, $"{settings.PathOf("allowOrigins")}: {Excerpt.Of(origin.Text)} is no origin.",
                "write *, or a scheme and a host such as https://*.example.com");
        }

        var age = settings.Number("maxAge");
        if (age is { Value: < 1 } wrong)
        {
            settings.Findings.Error(
                "WEFT1115", wrong.Where, $"{settings.PathOf("maxAge")} is {wrong.Value}; it must be at least 1.", "leave it out for 5");
        }

        var policy = new CorsPolicy(
            [.. origins.Select(o => o.Text)],
            Words(settings, "allowMethods"),
            Words(settings, "allowHeaders"),
            Words(settings, "exposeHeaders"),
            TimeSpan.FromSeconds(age?.Value ?? DefaultMaxAge),
            settings.Truth("allowCredentials") ?? false);
        settings.Close();
        return policy;
    }

    private static ImmutableArray<string> Words(FieldReader settings, string list)
    {
        var words = settings.Texts(list).ToArray();
        foreach (var word in words.Where(w => !Syntax.IsHeaderName(w.Text)))
        {
            settings.Findings.Error(
                "WEFT1105", word.Where, $"{settings.PathOf(list)}: {Excerpt.Of(word.Text)} is no word of HTTP.",
                "use letters, digits and dashes, or *");
        }

        return [.. words.Select(w => w.Text)];
    }
}

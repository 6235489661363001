using System.Collections.Immutable;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads the <c>filters</c> of a route's rule: changes to the headers of the request.</summary>
internal static class RouteFilters
{
    private const string RequestHeaderModifier = "RequestHeaderModifier";

    public static HeaderModifier RequestHeaders(FieldReader rule)
    {
        var modifier = HeaderModifier.None;
        var seen = new HashSet<string>();
        foreach (var filter in rule.Maps("filters"))
        {
            if (filter.Find("type") is not { } type)
            {
                filter.Missing("type", $"write type: {RequestHeaderModifier}");
                continue;
            }

            if (filter.Text("type")?.Text != RequestHeaderModifier)
            {
                filter.Unsupported("type");
                continue;
            }

            // "This filter can be used multiple times" is said of others; this one may stand once in a rule.
            filter.Findings.CheckOnce(seen, RequestHeaderModifier, type.Where, $"The filter {RequestHeaderModifier}");
            modifier = Modifier(filter) ?? modifier;
        }

        return modifier;
    }

    private static HeaderModifier? Modifier(FieldReader filter)
    {
        var changes = filter.Map("requestHeaderModifier");
        if (filter.Find("requestHeaderModifier") is null)
        {
            filter.Missing("requestHeaderModifier");
        }

        filter.Unsupported(
            "cors", "extensionRef", "externalAuth", "requestMirror", "requestRedirect", "responseHeaderModifier",
            "urlRewrite");
        filter.Close();
        if (changes is null)
        {
            return null;
        }

        var modifier = new HeaderModifier(Values(changes, "set"), Values(changes, "add"), Names(changes, "remove"));
        changes.Close();
        return modifier;
    }

    private static ImmutableArray<HeaderValue> Values(FieldReader changes, string list)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. changes.Maps(list).Select(entry => HeaderDecoder.Decode(entry, seen)).OfType<HeaderValue>()];
    }

    private static ImmutableArray<string> Names(FieldReader changes, string list)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. changes.Texts(list)
                .Where(n => HeaderDecoder.CheckName(changes.Findings, n, seen))
                .Select(n => n.Text),
        ];
    }
}

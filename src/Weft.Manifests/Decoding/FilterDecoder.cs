using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads the <c>filters</c> of a rule or of a backend.</summary>
internal static class FilterDecoder
{
    private const string Mirror = "RequestMirror";
    private const string Extension = "ExtensionRef";

    // Each type with the field that holds its settings.
    private static readonly ImmutableArray<(string Type, string Field)> Http =
    [
        ("RequestHeaderModifier", "requestHeaderModifier"), ("ResponseHeaderModifier", "responseHeaderModifier"),
        (Mirror, "requestMirror"), ("RequestRedirect", "requestRedirect"), ("URLRewrite", "urlRewrite"), ("CORS", "cors"),
    ];

    private static readonly ImmutableArray<(string Type, string Field)> Grpc = Http[..3];
    private static readonly ImmutableArray<(string Type, string Field)> Backend = Http[..2];

    /// <summary>The filters of a rule, and why its requests must get 500 in place of them.</summary>
    public static (RouteFilters<BackendRefConfig> Filters, Refusal? Refused) OfRule(RouteKind kind, Head head, FieldReader rule) =>
        Read(head, rule, kind == RouteKind.Grpc ? Grpc : Http);

    public static (RouteFilters<BackendRefConfig> Filters, Refusal? Refused) OfBackend(FieldReader backend) =>
        Read(null, backend, Backend);

    private static (RouteFilters<BackendRefConfig> Filters, Refusal? Refused) Read(
        Head? head, FieldReader owner, ImmutableArray<(string Type, string Field)> known)
    {
        Refusal? refused = null;
        var seen = new HashSet<string>();
        var filters = RouteFilters.None<BackendRefConfig>();
        foreach (var filter in owner.Maps("filters"))
        {
            if (filter.Find("type") is not { } type)
            {
                filter.Missing("type", $"write one of {string.Join(", ", known.Select(k => k.Type))}");
                continue;
            }

            var (name, field) = known.FirstOrDefault(k => k.Type == filter.Text("type")?.Text);
            if (field is null)
            {
                refused = Foreign(filter, known) ?? refused;
                continue;
            }

            // "This filter can be used multiple times within the same rule" is said of mirrors alone.
            if (name != Mirror)
            {
                filter.Findings.CheckOnce(seen, name, type.Where, $"The filter {name}");
            }

            if (filter.Find(field) is null)
            {
                filter.Missing(field);
            }
            else if (filter.Map(field) is { } settings)
            {
                filters = With(filters, head, name, settings);
            }

            CheckOthers(filter, field);
            filter.Close();
        }

        return (filters, refused);
    }

    // A filter that is right for others and not done here; null where it is a slip, which is told.
    private static Refusal? Foreign(FieldReader filter, ImmutableArray<(string Type, string Field)> known)
    {
        if (filter.Text("type") is not { } type)
        {
            return null;
        }

        if (Spelling.Nearest(type.Text, [.. known.Select(k => k.Type), Extension]) is { } meant && meant != type.Text)
        {
            filter.Findings.Error(
                "WEFT1109", type.Where, $"{filter.PathOf("type")}: there is no filter {Excerpt.Of(type.Text)}.",
                $"did you mean {meant}?");
            return null;
        }

        if (type.Text != Extension)
        {
            return new(
                "PartiallyInvalid", "UnsupportedValue",
                $"{filter.PathOf("type")}: Weft has no filter {Excerpt.Of(type.Text)} here: what should pass it gets 500.",
                "remove the filter", type.Where);
        }

        var reference = filter.Map("extensionRef");
        if (reference is null)
        {
            filter.Missing("extensionRef");
        }

        var what = $"{reference?.Text("kind")?.Text ?? "something"} of {Excerpt.Of(reference?.Text("group")?.Text ?? "")}";
        return new(
            "ResolvedRefs", "InvalidKind",
            $"{filter.PathOf("extensionRef")} is {what}, which Weft does not know: what should pass it gets 500.",
            "remove the filter; a TrafficPolicy may do what it was for", type.Where);
    }

    // Settings of another type mean that one of the two is a slip.
    private static void CheckOthers(FieldReader filter, string own)
    {
        foreach (var (type, field) in Http.Where(k => k.Field != own))
        {
            if (filter.Find(field) is { } node)
            {
                filter.Findings.Error(
                    "WEFT1114", node.Where, $"{filter.PathOf(field)} goes with type: {type} only.", "correct the type, or remove it");
            }
        }
    }

    private static RouteFilters<BackendRefConfig> With(
        RouteFilters<BackendRefConfig> filters, Head? head, string type, FieldReader settings) => type switch
        {
            "RequestHeaderModifier" => filters with { RequestHeaders = Modifier(settings) },
            "ResponseHeaderModifier" => filters with { ResponseHeaders = Modifier(settings) },
            Mirror => filters with { Mirrors = filters.Mirrors.Add(MirrorDecoder.Decode(head!, settings)) },
            "RequestRedirect" => filters with { Redirect = RewriteDecoder.Redirect(settings) },
            "URLRewrite" => filters with { Rewrite = RewriteDecoder.Rewrite(settings) },
            _ => filters with { Cors = CorsDecoder.Decode(settings) },
        };

    private static HeaderModifier Modifier(FieldReader changes)
    {
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

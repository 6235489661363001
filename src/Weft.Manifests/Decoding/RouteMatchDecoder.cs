using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads one of the <c>matches</c> of a route's rule.</summary>
internal static class RouteMatchDecoder
{
    public static RouteMatch Decode(FieldReader match)
    {
        var path = match.Map("path") is { } condition ? Path(condition) : PathMatch.Any;
        var headers = Headers(match);
        match.Unsupported("method", "queryParams");
        match.Close();
        return new(path, headers);
    }

    private static PathMatch Path(FieldReader condition)
    {
        var type = condition.OneOf("type", "PathPrefix", "PathPrefix", "Exact", "RegularExpression");
        var value = condition.Text("value");
        if (type == "RegularExpression")
        {
            condition.Unsupported("type");
        }
        else if (value is not null && !Syntax.IsPath(value.Text))
        {
            condition.Findings.Error(
                "WEFT1106", value.Where, $"{condition.PathOf("value")}: {Excerpt.Of(value.Text)} is no path.",
                "start it with /, without //, /./, /../, %2f, ? and #");
        }

        condition.Close();
        var path = value?.Text ?? "/";
        return type == "Exact"
            ? new(PathMatchKind.Exact, path)
            // "When specified, a trailing / is ignored" (PathMatchPathPrefix).
            : new(PathMatchKind.Prefix, path.Length > 1 ? path.TrimEnd('/') : path);
    }

    private static ImmutableArray<HeaderMatch> Headers(FieldReader match)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var headers = ImmutableArray.CreateBuilder<HeaderMatch>();
        foreach (var condition in match.Maps("headers"))
        {
            if (condition.OneOf("type", "Exact", "Exact", "RegularExpression") == "RegularExpression")
            {
                condition.Unsupported("type");
            }

            if (HeaderDecoder.Decode(condition, seen) is { } header)
            {
                headers.Add(new(header.Name, header.Value));
            }
        }

        return headers.ToImmutable();
    }
}

using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads one of the <c>matches</c> of an <c>HTTPRoute</c>'s rule.</summary>
internal static class RouteMatchDecoder
{
    private static readonly string[] Methods =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

    public static RouteMatch Decode(FieldReader match)
    {
        var path = match.Map("path") is { } condition ? Path(condition) : PathMatch.Any;
        var headers = Values(match, "headers", StringComparer.OrdinalIgnoreCase);
        var query = Values(match, "queryParams", StringComparer.Ordinal);
        var method = match.OneOf("method", null, Methods);
        match.Close();
        return new(path, headers, query, method);
    }

    /// <summary>A list of conditions on named values.</summary>
    /// <param name="names">How the names are compared, of which each may stand once.</param>
    public static ImmutableArray<ValueMatch> Values(FieldReader match, string list, StringComparer names)
    {
        var seen = new HashSet<string>(names);
        var conditions = ImmutableArray.CreateBuilder<ValueMatch>();
        foreach (var condition in match.Maps(list))
        {
            var isRegex = condition.OneOf("type", "Exact", "Exact", "RegularExpression") == "RegularExpression";
            if (isRegex && condition.Text("value") is { } expression)
            {
                Expressions.Check(condition, "value", expression);
            }

            if (HeaderDecoder.Decode(condition, seen) is { } value)
            {
                conditions.Add(new(value.Name, value.Value, isRegex ? TextMatchKind.Regex : TextMatchKind.Exact));
            }
        }

        return conditions.ToImmutable();
    }

    private static PathMatch Path(FieldReader condition)
    {
        var type = condition.OneOf("type", "PathPrefix", "PathPrefix", "Exact", "RegularExpression");
        var value = condition.Text("value");
        condition.Close();
        var path = value?.Text ?? "/";
        if (type == "RegularExpression")
        {
            return new(PathMatchKind.Regex, value is null ? "/.*" : Expressions.Check(condition, "value", value));
        }

        if (value is not null && !Syntax.IsPath(path))
        {
            condition.Findings.Error(
                "WEFT1106", value.Where, $"{condition.PathOf("value")}: {Excerpt.Of(path)} is no path.",
                "start it with /, without //, /./, /../, %2f, ? and #");
        }

        return type == "Exact"
            ? new(PathMatchKind.Exact, path)
            // "When specified, a trailing / is ignored" (PathMatchPathPrefix).
            : new(PathMatchKind.Prefix, path.Length > 1 ? path.TrimEnd('/') : path);
    }
}

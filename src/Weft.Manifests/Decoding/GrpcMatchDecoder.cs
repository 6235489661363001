using System.Text.RegularExpressions;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads one of the <c>matches</c> of a <c>GRPCRoute</c>'s rule. A call's path is <c>/service/method</c>.</summary>
internal static class GrpcMatchDecoder
{
    // Any service, or any method: what stands between two slashes.
    private const string Any = "[^/]+";

    public static RouteMatch Decode(FieldReader match)
    {
        var path = match.Map("method") is { } method ? Path(method) : PathMatch.Any;
        var headers = RouteMatchDecoder.Values(match, "headers", StringComparer.OrdinalIgnoreCase);
        match.Close();
        return new(path, headers, []);
    }

    private static PathMatch Path(FieldReader condition)
    {
        var isRegex = condition.OneOf("type", "Exact", "Exact", "RegularExpression") == "RegularExpression";
        var (service, method) = (Part(condition, "service", isRegex), Part(condition, "method", isRegex));
        if (service is null && method is null)
        {
            condition.Missing("service", "name a service, a method or both");
        }

        condition.Close();
        return (service, method) switch
        {
            (null, null) => PathMatch.Any,
            ({ } s, { } m) when !isRegex => new(PathMatchKind.Exact, $"/{s}/{m}"),
            ({ } s, null) when !isRegex => new(PathMatchKind.Prefix, $"/{s}"),
            (null, { } m) when !isRegex => new(PathMatchKind.Regex, $"/{Any}/{Regex.Escape(m)}"),
            _ => new(PathMatchKind.Regex, $"/{Group(service)}/{Group(method)}"),
        };
    }

    private static string Group(string? expression) => expression is null ? Any : $"(?:{expression})";

    private static string? Part(FieldReader condition, string name, bool isRegex)
    {
        if (condition.Text(name) is not { } text)
        {
            return null;
        }

        if (isRegex)
        {
            return Expressions.Check(condition, name, text);
        }

        // GRPCMethodMatch: names of gRPC, so that no slash can shift what follows.
        if (!text.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') || text.Text.Length is 0 or > 1024)
        {
            condition.Findings.Error(
                "WEFT1106", text.Where, $"{condition.PathOf(name)}: {Excerpt.Of(text.Text)} is no name of gRPC.",
                "use letters, digits, dots and underscores, without slashes");
        }

        return text.Text;
    }
}

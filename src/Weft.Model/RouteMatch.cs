using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>How a path is compared.</summary>
public enum PathMatchKind
{
    /// <summary>The whole path, byte by byte.</summary>
    Exact,

    /// <summary>Whole segments from the start: <c>/a</c> fits <c>/a</c> and <c>/a/b</c>, not <c>/ab</c>.</summary>
    Prefix,

    /// <summary>A regular expression of RE2 that must fit the whole path.</summary>
    Regex,
}

/// <summary>How a text is compared.</summary>
public enum TextMatchKind
{
    /// <summary>The whole text, byte by byte.</summary>
    Exact,

    /// <summary>A regular expression of RE2 that must fit the whole text.</summary>
    Regex,
}

/// <summary>A condition on the request's path, without its query.</summary>
public sealed record PathMatch(PathMatchKind Kind, string Value)
{
    /// <summary>Fits every path.</summary>
    public static PathMatch Any { get; } = new(PathMatchKind.Prefix, "/");
}

/// <summary>A condition on a header or on a parameter of the query, which must be present. Names of headers have no case.</summary>
public sealed record ValueMatch(string Name, string Value, TextMatchKind Kind = TextMatchKind.Exact);

/// <summary>Conditions that must all hold.</summary>
/// <param name="Method">The request's method; null for any.</param>
public sealed record RouteMatch(
    PathMatch Path, ImmutableArray<ValueMatch> Headers, ImmutableArray<ValueMatch> Query, string? Method = null)
{
    /// <summary>Fits every request.</summary>
    public static RouteMatch Any { get; } = new(PathMatch.Any, [], []);
}

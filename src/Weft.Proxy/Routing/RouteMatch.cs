using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Weft.Proxy.Routing;

internal enum PathKind
{
    /// <summary>The path starts with the text.</summary>
    Prefix,

    /// <summary>The path is the text.</summary>
    Exact,

    /// <summary>The path is the text, or goes on after it with a slash.</summary>
    SegmentPrefix,

    /// <summary>The whole path fits a pattern.</summary>
    Regex,
}

/// <summary>A condition on the path, without the query.</summary>
internal sealed record PathMatch(PathKind Kind, string Text, StringComparison Comparison, Regex? Pattern = null)
{
    public bool Fits(ReadOnlySpan<char> path) => Kind switch
    {
        PathKind.Exact => path.Equals(Text, Comparison),
        PathKind.Prefix => path.StartsWith(Text, Comparison),
        PathKind.SegmentPrefix =>
            path.StartsWith(Text, Comparison) && (path.Length == Text.Length || path[Text.Length] == '/'),
        PathKind.Regex => Pattern!.IsMatch(path),
        _ => throw new UnreachableException(),
    };

    /// <summary>How much of a fitting path is the part that a prefix rewrite replaces.</summary>
    public int MatchedLength(ReadOnlySpan<char> path) =>
        Kind is PathKind.Prefix or PathKind.SegmentPrefix ? Text.Length : path.Length;
}

/// <summary>Conditions that must all hold.</summary>
/// <param name="Fraction">The share of the fitting requests that the route takes, from 0 to 1.</param>
internal sealed record RouteMatch(
    PathMatch Path,
    ImmutableArray<HeaderMatch> Headers,
    ImmutableArray<QueryMatch> Query,
    bool GrpcOnly,
    double Fraction)
{
    public bool Fits(in RequestFacts request, double dice)
    {
        if (!Path.Fits(request.Path) || (GrpcOnly && !request.IsGrpc) || (Fraction < 1 && dice >= Fraction))
        {
            return false;
        }

        foreach (var header in Headers)
        {
            if (!header.Fits(request))
            {
                return false;
            }
        }

        foreach (var parameter in Query)
        {
            if (!parameter.Fits(request.Query))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Collections.Immutable;
using System.Diagnostics;

namespace Weft.Proxy.Routing;

internal enum PathKind
{
    /// <summary>The path starts with the text.</summary>
    Prefix,

    /// <summary>The path is the text.</summary>
    Exact,

    /// <summary>The path is the text, or goes on after it with a slash.</summary>
    SegmentPrefix,
}

/// <summary>Conditions that must all hold.</summary>
/// <param name="Fraction">The share of the fitting requests that the route takes, from 0 to 1.</param>
internal sealed record RouteMatch(
    PathKind Kind,
    string Path,
    StringComparison Comparison,
    ImmutableArray<HeaderMatch> Headers,
    bool GrpcOnly,
    double Fraction)
{
    public bool Fits(in RequestFacts request, double dice)
    {
        if (!FitsPath(request.Path) || (GrpcOnly && !request.IsGrpc) || (Fraction < 1 && dice >= Fraction))
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

        return true;
    }

    private bool FitsPath(ReadOnlySpan<char> path) => Kind switch
    {
        PathKind.Exact => path.Equals(Path, Comparison),
        PathKind.Prefix => path.StartsWith(Path, Comparison),
        PathKind.SegmentPrefix =>
            path.StartsWith(Path, Comparison) && (path.Length == Path.Length || path[Path.Length] == '/'),
        _ => throw new UnreachableException(),
    };
}

internal enum TextKind
{
    Exact,
    Prefix,
    Suffix,
    Contains,

    /// <summary>Present, whatever the value.</summary>
    Present,
}

/// <summary>A condition on a header.</summary>
/// <param name="Invert">Whether the opposite must hold.</param>
/// <param name="AbsentAsEmpty">Whether an absent header is compared as an empty one.</param>
internal sealed record HeaderMatch(
    string Name, TextKind Kind, string Text, StringComparison Comparison, bool Invert, bool AbsentAsEmpty)
{
    public bool Fits(in RequestFacts request)
    {
        var value = request.Header(Name) ?? (AbsentAsEmpty ? "" : null);
        if (Kind == TextKind.Present)
        {
            return value is not null != Invert;
        }

        // Envoy: an absent header fits no condition; inverted, it fits every one but "present".
        return (value is not null && FitsText(value)) != Invert;
    }

    private bool FitsText(string value) => Kind switch
    {
        TextKind.Exact => value.Equals(Text, Comparison),
        TextKind.Prefix => value.StartsWith(Text, Comparison),
        TextKind.Suffix => value.EndsWith(Text, Comparison),
        TextKind.Contains => value.Contains(Text, Comparison),
        _ => throw new UnreachableException(),
    };
}

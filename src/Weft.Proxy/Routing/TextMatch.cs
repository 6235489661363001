using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Weft.Proxy.Routing;

internal enum TextKind
{
    Exact,
    Prefix,
    Suffix,
    Contains,

    /// <summary>The whole text fits the pattern.</summary>
    Regex,
}

/// <summary>A condition on a text.</summary>
/// <param name="Pattern">Where the kind asks for one.</param>
internal sealed record TextMatch(TextKind Kind, string Text, StringComparison Comparison, Regex? Pattern = null)
{
    public bool Fits(ReadOnlySpan<char> value) => Kind switch
    {
        TextKind.Exact => value.Equals(Text, Comparison),
        TextKind.Prefix => value.StartsWith(Text, Comparison),
        TextKind.Suffix => value.EndsWith(Text, Comparison),
        TextKind.Contains => value.Contains(Text, Comparison),
        TextKind.Regex => Pattern!.IsMatch(value),
        _ => throw new UnreachableException(),
    };
}

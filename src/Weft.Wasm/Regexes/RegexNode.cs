using System.Collections.Immutable;

namespace Weft.Wasm.Regexes;

/// <summary>A regular expression as a tree.</summary>
internal abstract record RegexNode
{
    /// <summary>One character of a set.</summary>
    public sealed record Letter(CharacterSet Set) : RegexNode;

    /// <summary>A place between characters.</summary>
    public sealed record Place(RegexPlace Kind) : RegexNode;

    /// <summary>One after the other; nothing at all where there are none.</summary>
    public sealed record Sequence(ImmutableArray<RegexNode> Parts) : RegexNode;

    /// <summary>One of several.</summary>
    public sealed record Choice(ImmutableArray<RegexNode> Parts) : RegexNode;

    /// <summary>The same several times; without end where <paramref name="Most"/> is -1.</summary>
    public sealed record Repeat(RegexNode Part, int Least, int Most) : RegexNode;
}

/// <summary>A place between two characters that a pattern can ask for.</summary>
internal enum RegexPlace
{
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordEdge,
    NoWordEdge,
}

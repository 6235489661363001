using System.Collections.Immutable;

namespace Weft.Preview;

internal enum ChangeKind
{
    Added,
    Changed,
    Removed,
}

/// <summary>How a kind of change is written.</summary>
internal static class ChangeKindWords
{
    extension(ChangeKind kind)
    {
        /// <summary>Before a line for people.</summary>
        public char Sign => kind switch { ChangeKind.Added => '+', ChangeKind.Removed => '-', _ => '~' };

        /// <summary>In JSON.</summary>
        public string Name => kind switch { ChangeKind.Added => "added", ChangeKind.Removed => "removed", _ => "changed" };
    }
}

/// <summary>A resource that a node gets anew, differently or no longer.</summary>
/// <param name="Type">Short: <c>cds</c>, <c>eds</c>, <c>lds</c>, <c>rds</c>.</param>
/// <param name="Lines">What that means, in words.</param>
/// <param name="Drains">What ends for it: connections, listeners.</param>
internal sealed record ResourceChange(
    ChangeKind Kind, string Type, string Name, ImmutableArray<string> Lines, ImmutableArray<string> Drains)
{
    /// <summary>Equal for changes that read the same.</summary>
    public string Key => string.Join('\n', [Kind.ToString(), Type, Name, .. Lines]);
}

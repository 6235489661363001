namespace Weft.Bpf;

/// <summary>A map is not what is expected of it: a pinned one of another kind, or a type of C# of another layout.</summary>
public sealed class MapMismatchException : BpfException
{
    /// <param name="map">The map.</param>
    /// <param name="differences">What differs, each as a sentence.</param>
    public MapMismatchException(string map, IReadOnlyList<string> differences)
        : base($"map {map}: {string.Join("; ", differences)}") => Differences = differences;

    /// <summary>What differs.</summary>
    public IReadOnlyList<string> Differences { get; }
}

using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Manifests;

/// <summary>The files of the watched folders at one moment.</summary>
/// <param name="Files">In ordinal order of their paths.</param>
/// <param name="Diagnostics">Folders that could not be read; their files are those of the time before.</param>
/// <param name="Version">Of all of it: equal for equal files.</param>
/// <param name="Loaded">Whether the folders have been read at all.</param>
public sealed record FolderSnapshot(
    ImmutableArray<FolderFile> Files, ImmutableArray<Diagnostic> Diagnostics, ContentHash Version, bool Loaded)
{
    /// <summary>Before the first reading.</summary>
    public static FolderSnapshot NotRead { get; } = new([], [], ContentHash.Empty, false);

    /// <summary>A reading.</summary>
    public static FolderSnapshot Of(IEnumerable<FolderFile> files, ImmutableArray<Diagnostic> diagnostics)
    {
        var ordered = files.OrderBy(f => f.Path, StringComparer.Ordinal).ToImmutableArray();
        using var hash = new ContentHasher();
        hash.Add(ordered, (h, f) => h.Add(f.Path).Add(f.Hash.ToString()).Add(f.Error?.ToString()))
            .Add(diagnostics, (h, d) => h.Add(d.ToString()));
        return new(ordered, diagnostics, hash.Finish(), true);
    }
}

/// <summary>A file that was read, or could not be.</summary>
/// <param name="Path">The folder as the user gave it, and the way from there.</param>
/// <param name="Error">Why it could not be read; then there is no content.</param>
public sealed record FolderFile(string Path, ImmutableArray<byte> Content, ContentHash Hash, Diagnostic? Error)
{
    /// <summary>A file of this content.</summary>
    public static FolderFile Of(string path, ImmutableArray<byte> content) =>
        new(path, content, ContentHash.Of(content.AsSpan()), null);

    /// <summary>A file that could not be read.</summary>
    public static FolderFile Unread(string path, Diagnostic error) => new(path, [], ContentHash.Empty, error);
}

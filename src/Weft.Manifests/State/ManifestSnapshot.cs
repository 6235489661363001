using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;

namespace Weft.Manifests;

/// <summary>What the manifests say now, the last good version of each.</summary>
/// <param name="Diagnostics">In order of their places.</param>
/// <param name="Loaded">Whether everything has been read at least once.</param>
public sealed record ManifestSnapshot(MeshObjects Objects, ImmutableArray<Diagnostic> Diagnostics, bool Loaded)
{
    /// <summary>Before the first reading.</summary>
    public static ManifestSnapshot NotLoaded { get; } = new(MeshObjects.Empty, [], false);

    /// <summary>The files of which it was made.</summary>
    public FolderSnapshot Files { get; init; } = FolderSnapshot.NotRead;

    /// <summary>When its files were made objects.</summary>
    public TimeSlice Read { get; init; }
}

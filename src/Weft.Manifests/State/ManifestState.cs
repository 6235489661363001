using System.Collections.Immutable;
using Weft.Flow;
using Weft.Manifests.State;

namespace Weft.Manifests;

/// <summary>
/// The manifests over time: from one reading of the folders to the next, the last good version of each object stays in
/// force. What happens to an object that a file gave, by what the file says now:
/// <code>
/// the file now …                                   │ the object
/// ─────────────────────────────────────────────────┼─────────────────────────────────────────────────────────────
/// has its document, in order                       │ replaced by it
/// has its document, in error                       │ kept
/// is whole, names all its objects, and not this    │ withdrawn (unless another file gives it)
/// is whole, but a document in error has no name    │ kept: it may be that one
/// is not whole (syntax error, unreadable, no text) │ kept, unless its document stands before the error
/// is empty or has only comments                    │ kept: editors empty a file before they write it
/// is deleted                                       │ withdrawn (unless another file gives it)
/// its folder is missing or unreadable              │ kept: the folder source still gives the file
///
/// a document in error, in a file that never had the object, keeps the version that was in force, if any: it moved
/// an object that two files give comes from the first by path and line; the other place is an error
/// </code>
/// </summary>
public sealed class ManifestState
{
    private readonly ImmutableSortedDictionary<string, FileState> _files;
    private readonly ImmutableDictionary<ObjectKey, Held> _inForce;

    private ManifestState(
        ImmutableSortedDictionary<string, FileState> files,
        ImmutableDictionary<ObjectKey, Held> inForce,
        ManifestSnapshot snapshot)
    {
        _files = files;
        _inForce = inForce;
        Snapshot = snapshot;
    }

    /// <summary>Before the first reading.</summary>
    public static ManifestState Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, FileState>(StringComparer.Ordinal),
        ImmutableDictionary<ObjectKey, Held>.Empty,
        ManifestSnapshot.NotLoaded);

    /// <summary>What is in force, and what is wrong.</summary>
    public ManifestSnapshot Snapshot { get; }

    /// <summary>The state after another reading.</summary>
    public ManifestState Step(FolderSnapshot folder)
    {
        // To decode is most of the work where many files are new; the order does not matter to it.
        var files = folder.Files.AsParallel().Select(f => KeyValuePair.Create(f.Path, Next(f)))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        files = WithMoved(files);
        var merged = Merge.Of(files.Values);
        return new(
            files, merged.InForce.ToImmutableDictionary(o => o.Key),
            new(merged.ObjectsAfter(Snapshot.Objects), Ordered(folder.Diagnostics.AddRange(merged.Diagnostics)), folder.Loaded)
            {
                Files = folder,
            });
    }

    private FileState Next(FolderFile file)
    {
        var before = _files.GetValueOrDefault(file.Path);
        var decoded = file.Error is null && before is not null && before.Hash == file.Hash ? before.File : ManifestDecoder.Decode(file);
        return FileState.Of(file.Hash, decoded, before);
    }

    // A document that came here from another file, and came with a mistake, must not lose its object on the way.
    private ImmutableSortedDictionary<string, FileState> WithMoved(ImmutableSortedDictionary<string, FileState> files)
    {
        var given = files.Values.SelectMany(f => f.Objects).Select(o => o.Key).ToHashSet();
        foreach (var (path, state) in files)
        {
            var moved = state.File.Documents
                .Where(d => d.Config is null && d.Key is { } key && _inForce.ContainsKey(key) && given.Add(key))
                .Select(d => _inForce[d.Key!.Value] with { IsKept = true }).ToList();
            if (moved.Count > 0)
            {
                files = files.SetItem(path, state with { Objects = state.Objects.AddRange(moved) });
            }
        }

        return files;
    }

    private static ImmutableArray<Diagnostic> Ordered(ImmutableArray<Diagnostic> diagnostics) =>
        [.. diagnostics
            .OrderBy(d => d.Where?.File, StringComparer.Ordinal)
            .ThenBy(d => d.Where?.Line).ThenBy(d => d.Where?.Column)];
}

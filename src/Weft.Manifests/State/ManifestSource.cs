using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Manifests;

/// <summary>
/// Makes objects of the files of a <see cref="FolderSource"/>, and keeps the last good version of each.
/// </summary>
public sealed class ManifestSource(Latest<FolderSnapshot> folder, TimeProvider time)
{
    /// <summary>The objects in force.</summary>
    public Latest<ManifestSnapshot> Snapshot { get; } = new(ManifestSnapshot.NotLoaded);

    /// <summary>Reads the folders once, for a check, and the modules that are files.</summary>
    public static ManifestSnapshot Read(ImmutableArray<string> folders, TimeProvider time) =>
        PluginSource.Read(ManifestState.Empty.Step(FolderSource.Read(folders, time)).Snapshot);

    /// <summary>Follows the files until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var state = ManifestState.Empty;
        await foreach (var files in folder.WatchAsync(cancellation))
        {
            if (files.Loaded)
            {
                var began = time.GetUtcNow();
                state = state.Step(files);
                Snapshot.Set(state.Snapshot with { Read = new(began, time.GetUtcNow()) });
            }
        }
    }
}

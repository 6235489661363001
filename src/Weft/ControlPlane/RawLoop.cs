using System.Collections.Immutable;
using System.Text;
using Weft.Flow;
using Weft.Manifests;
using Weft.Translation.Raw;

namespace Weft.ControlPlane;

/// <summary>The raw resources in force, and what is wrong with their files.</summary>
internal sealed record RawSnapshot(ImmutableArray<RawResource> Resources, ImmutableArray<Diagnostic> Diagnostics, bool Loaded)
{
    public static RawSnapshot NotLoaded { get; } = new([], [], false);

    /// <summary>Where no folder of raw resources is given.</summary>
    public static RawSnapshot None { get; } = new([], [], true);
}

/// <summary>Reads raw resources anew whenever their files have changed; the last good version of each stays in force.</summary>
internal sealed class RawLoop(Latest<FolderSnapshot> folder)
{
    public Latest<RawSnapshot> Snapshot { get; } = new(RawSnapshot.NotLoaded);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var state = RawState.Empty;
        await foreach (var files in folder.WatchAsync(cancellation))
        {
            if (files.Loaded)
            {
                state = state.Step(Texts(files));
                Snapshot.Set(Report(files, state));
            }
        }
    }

    /// <summary>Reads a folder once, for a check.</summary>
    public static RawSnapshot Read(FolderSnapshot files) => Report(files, RawState.Empty.Step(Texts(files)));

    private static RawSnapshot Report(FolderSnapshot files, RawState state) => new(
        state.Resources,
        [.. files.Diagnostics, .. files.Files.Select(f => f.Error).OfType<Diagnostic>(), .. state.Diagnostics],
        true);

    // A file that cannot be read is given as empty, which keeps its last good resources.
    private static ImmutableSortedDictionary<string, string> Texts(FolderSnapshot files) =>
        files.Files.ToImmutableSortedDictionary(
            f => f.Path, f => Encoding.UTF8.GetString(f.Content.AsSpan()), StringComparer.Ordinal);
}

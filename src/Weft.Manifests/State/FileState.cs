using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Manifests.State;

/// <summary>An object that a file gives.</summary>
/// <param name="IsKept">Whether it is a last good version, which the file no longer says in this form.</param>
internal sealed record Held(ObjectKey Key, object Config, SourcePosition Where, bool IsKept);

/// <summary>A file with the objects it gives: of each document its last good version.</summary>
/// <param name="Objects">In the order of the file; the first of a key counts.</param>
internal sealed record FileState(ContentHash Hash, ManifestFile File, ImmutableArray<Held> Objects)
{
    public static FileState Of(ContentHash hash, ManifestFile file, FileState? before)
    {
        var kept = (before?.Objects ?? []).DistinctBy(o => o.Key)
            .ToDictionary(o => o.Key, o => o with { IsKept = true });
        var objects = ImmutableArray.CreateBuilder<Held>();
        var named = new HashSet<ObjectKey>();
        foreach (var document in file.Documents)
        {
            if (document.Key is not { } key)
            {
                continue;
            }

            if (document.Config is { } config)
            {
                objects.Add(new(key, config, document.Where, false));
            }
            else if (!named.Contains(key) && kept.TryGetValue(key, out var last))
            {
                objects.Add(last);
            }

            named.Add(key);
        }

        if (!SaysWhatIsGone(file))
        {
            objects.AddRange(kept.Values.Where(o => !named.Contains(o.Key)));
        }

        return new(hash, file, objects.ToImmutable());
    }

    // Only a file that was read to its end, is not empty and names each of its objects says which of them it dropped.
    private static bool SaysWhatIsGone(ManifestFile file) =>
        file.IsComplete && !file.Documents.IsEmpty && file.Documents.All(d => d.Key is not null || d.IsPassedOver);
}

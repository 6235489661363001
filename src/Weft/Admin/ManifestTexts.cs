using System.Collections.Immutable;
using System.Text;
using Weft.Flow;
using Weft.Manifests;

namespace Weft.Admin;

/// <summary>A file of manifests as it is in force.</summary>
/// <param name="Path">As diagnostics show it.</param>
/// <param name="Note">What is to be known where the text is not exactly what is in force; else null.</param>
internal sealed record ManifestText(string Path, string Text, string? Note);

/// <summary>The files in force, in order of their paths.</summary>
internal sealed record ManifestsInForce(ImmutableArray<ManifestText> Files);

/// <summary>
/// The text of each file of manifests that is in force: the newest one without a mistake. A file that has had a mistake
/// ever since it was first read is given as it is; of it, the documents without a mistake are in force.
/// </summary>
internal sealed class ManifestTexts(Latest<ManifestSnapshot> manifests)
{
    private const string KeptNote = "the file has a mistake now; this is its last text without one";
    private const string FaultyNote = "the file has had a mistake since it was first read";

    public Latest<ManifestsInForce> InForce { get; } = new(new([]));

    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var snapshot in manifests.WatchAsync(cancellation))
        {
            if (snapshot.Loaded)
            {
                InForce.Update(before => new(Next(before.Files, snapshot.Files)));
            }
        }
    }

    /// <summary>What is in force after another reading. Pure.</summary>
    internal static ImmutableArray<ManifestText> Next(ImmutableArray<ManifestText> before, FolderSnapshot files)
    {
        var last = before.ToDictionary(f => f.Path, StringComparer.Ordinal);
        return [.. files.Files.Select(file => Next(last.GetValueOrDefault(file.Path), file)).OfType<ManifestText>()];
    }

    private static ManifestText? Next(ManifestText? before, FolderFile file)
    {
        var text = file.Error is null ? Encoding.UTF8.GetString(file.Content.AsSpan()) : null;
        if (text is not null && before is { Note: null } && before.Text == text)
        {
            return before;
        }

        if (text is not null && IsGood(file))
        {
            return new(file.Path, text, null);
        }

        // The first note stays: a file that never was without a mistake has no last good text.
        return before is { Note: null or KeptNote }
            ? before with { Note = KeptNote }
            : text is null ? before : new(file.Path, text, FaultyNote);
    }

    // An empty file withdraws nothing, so it is no new text either.
    private static bool IsGood(FolderFile file)
    {
        var decoded = ManifestDecoder.Decode(file);
        return decoded.IsComplete && !decoded.Documents.IsEmpty
            && decoded.Documents.SelectMany(d => d.Diagnostics).Concat(decoded.Diagnostics)
                .All(d => d.Severity != Severity.Error);
    }
}

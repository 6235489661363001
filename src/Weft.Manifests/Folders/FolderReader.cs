using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Weft.Flow;
using Weft.Manifests.Yaml;

namespace Weft.Manifests.Folders;

/// <summary>
/// Reads folders again and again, and opens only the files that may have changed since the last time.
/// </summary>
internal sealed class FolderReader(ImmutableArray<string> folders, TimeProvider time)
{
    private const int MaxFiles = 10_000;

    // Two writes this close together may leave the same times behind (the kernel's clock has coarse steps, network
    // file systems coarser ones), so a file written a moment ago is opened again.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    private Dictionary<string, (FileStamp? Stamp, FolderFile File)> _known = [];

    /// <param name="trustStamps">Whether a file that looks the same may be taken for the same, unopened.</param>
    public FolderSnapshot Read(bool trustStamps)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var files = new Dictionary<string, (FileStamp?, FolderFile)>();
        var seen = new HashSet<string>();
        foreach (var folder in folders)
        {
            var listing = FolderListing.Of(folder, MaxFiles);
            diagnostics.AddRange(listing.Errors);
            foreach (var listed in listing.Files.Where(f => seen.Add(f.FullPath)))
            {
                if (Take(listed, trustStamps) is { } file)
                {
                    files[listed.Path] = (listed.Stamp, file);
                }
            }

            // A folder that cannot be listed is no folder whose files were deleted.
            foreach (var (path, known) in _known.Where(k => !listing.IsListed && IsIn(k.Key, folder)))
            {
                files.TryAdd(path, known);
            }
        }

        _known = files;
        return FolderSnapshot.Of(files.Values.Select(f => f.Item2), diagnostics.ToImmutable());
    }

    private static bool IsIn(string path, string folder) =>
        Path.GetDirectoryName(path) == Path.TrimEndingDirectorySeparator(folder);

    private FolderFile? Take(ListedFile listed, bool trustStamps) =>
        trustStamps
        && time.GetUtcNow().UtcDateTime - listed.Stamp?.Written > Settled
        && _known.TryGetValue(listed.Path, out var known) && known.Stamp == listed.Stamp && known.File.Error is null
            ? known.File
            : Open(listed);

    private static FolderFile? Open(ListedFile listed)
    {
        try
        {
            if (listed.Stamp is { IsRegular: false })
            {
                return Unreadable(listed.Path, "It is a pipe or a device.");
            }

            using var file = new FileStream(
                listed.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length > YamlLimits.MaxFileSize)
            {
                return FolderFile.Unread(listed.Path, ManifestDecoder.TooLarge(listed.Path));
            }

            // The file may grow or shrink meanwhile; then it is read again soon.
            var buffer = new byte[file.Length];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return FolderFile.Of(
                listed.Path,
                ImmutableCollectionsMarshal.AsImmutableArray(length == buffer.Length ? buffer : buffer[..length]));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted since its folder was listed.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(listed.Path, e.Message);
        }
    }

    private static FolderFile Unreadable(string path, string why) => FolderFile.Unread(path, Diagnostic.Error(
        "WEFT1002", new(path), $"The file cannot be read: {why}", "correct its kind or its permissions"));
}

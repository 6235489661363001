using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Manifests.Folders;

/// <summary>A file as a listing finds it.</summary>
/// <param name="Path">The path as diagnostics show it.</param>
/// <param name="Stamp">Changes when the content may have changed; null where it cannot be told.</param>
internal sealed record ListedFile(string Path, string FullPath, FileStamp? Stamp);

/// <summary>The manifests in a folder. Folders within it are not read: what a folder means is plain to see in it.</summary>
internal sealed record FolderListing(ImmutableArray<ListedFile> Files, ImmutableArray<Diagnostic> Errors, bool IsListed)
{
    public static FolderListing Of(string folder, int maxFiles)
    {
        ImmutableArray<ListedFile> files;
        try
        {
            files = [.. new DirectoryInfo(folder).EnumerateFiles()
                .Where(file => IsManifest(file.Name))
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => Listed(file, Path.Combine(folder, file.Name)))
                .OfType<ListedFile>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new([], [Unreadable(folder, e)], false);
        }

        return files.Length <= maxFiles ? new(files, [], true) : new(files[..maxFiles], [TooMany(folder, maxFiles)], true);
    }

    /// <summary>
    /// Whether a file is a manifest by its name. Editors' leavings are not: <c>.#x.yaml</c>, <c>x.yaml~</c>,
    /// <c>.x.yaml.swp</c>, <c>4913</c>.
    /// </summary>
    public static bool IsManifest(string name) =>
        !name.StartsWith('.') && Path.GetExtension(name) is ".yaml" or ".yml" or ".json";

    private static Diagnostic Unreadable(string folder, Exception e) => Diagnostic.Error(
        "WEFT1001", new(folder),
        e is DirectoryNotFoundException ? "The folder does not exist." : $"The folder cannot be read: {e.Message}",
        "files read from it before stay in force; create it, or correct its path or its permissions");

    private static Diagnostic TooMany(string folder, int maxFiles) => Diagnostic.Error(
        "WEFT1019", new(folder), $"There are more than {maxFiles} files; the rest is not read.", "split the folder");

    private static ListedFile? Listed(FileInfo file, string path)
    {
        try
        {
            return FileStamp.Of(file) is { } stamp ? new(path, file.FullName, stamp) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A link in a circle, or a file that is gone again: reading it will say what is wrong.
            return new(path, file.FullName, null);
        }
    }
}

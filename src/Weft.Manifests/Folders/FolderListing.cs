using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Manifests.Folders;

/// <summary>A file as a listing finds it.</summary>
/// <param name="Path">The path as diagnostics show it.</param>
/// <param name="Stamp">Changes when the content may have changed; null where it cannot be told.</param>
internal sealed record ListedFile(string Path, string FullPath, FileStamp? Stamp);

/// <summary>The manifests below a folder, and the folders there that could not be listed.</summary>
internal sealed class FolderListing
{
    /// <summary>Folders within each other; links that lead in a circle end here at the latest.</summary>
    private const int MaxDepth = 16;

    private readonly List<ListedFile> _files = [];
    private readonly List<Diagnostic> _errors = [];
    private readonly List<string> _unlisted = [];
    private readonly HashSet<string> _visited = [];
    private bool _isFull;

    private FolderListing()
    {
    }

    public IReadOnlyList<ListedFile> Files => _files;

    public IReadOnlyList<Diagnostic> Errors => _errors;

    /// <summary>The paths of the folders that could not be listed.</summary>
    public IReadOnlyList<string> Unlisted => _unlisted;

    public static FolderListing Of(string folder, int maxFiles)
    {
        var listing = new FolderListing();
        listing.List(new(folder), folder, 0, maxFiles);
        return listing;
    }

    /// <summary>
    /// Whether a file is a manifest by its name. Editors' leavings are not: <c>.#x.yaml</c>, <c>x.yaml~</c>,
    /// <c>.x.yaml.swp</c>, <c>4913</c>.
    /// </summary>
    public static bool IsManifest(string name) =>
        !name.StartsWith('.') && Path.GetExtension(name) is ".yaml" or ".yml" or ".json";

    private void List(DirectoryInfo folder, string path, int depth, int maxFiles)
    {
        if (_isFull || depth == MaxDepth || !_visited.Add(Target(folder)))
        {
            return;
        }

        foreach (var entry in Entries(folder, path, depth))
        {
            if (_isFull)
            {
                return;
            }

            var entryPath = Path.Combine(path, entry.Name);
            if (entry is DirectoryInfo inner)
            {
                if (!inner.Name.StartsWith('.'))
                {
                    List(inner, entryPath, depth + 1, maxFiles);
                }
            }
            else if (IsManifest(entry.Name) && Listed((FileInfo)entry, entryPath) is { } file)
            {
                if (_files.Count == maxFiles)
                {
                    _isFull = true;
                    _errors.Add(Diagnostic.Error(
                        "WEFT1019", new(path), $"There are more than {maxFiles} files; the rest is not read.",
                        "split the folder"));
                }
                else
                {
                    _files.Add(file);
                }
            }
        }
    }

    private ImmutableArray<FileSystemInfo> Entries(DirectoryInfo folder, string path, int depth)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException) when (depth > 0)
        {
            // Deleted since its parent was listed.
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unlisted.Add(path);
            _errors.Add(Diagnostic.Error(
                "WEFT1001", new(path),
                e is DirectoryNotFoundException ? "The folder does not exist."
                    : $"The folder cannot be read: {e.Message}",
                "files read from it before stay in force; create it, or correct its path or its permissions"));
            return [];
        }
    }

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

    private static string Target(DirectoryInfo folder)
    {
        try
        {
            return folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        }
        catch (IOException)
        {
            return folder.FullName;
        }
    }
}

namespace Weft.Plugins;

/// <summary>
/// How the sources of a plugin look: names, sizes and times. A plugin has few files, so that looking often costs less than
/// to be told, and works on every file system.
/// </summary>
internal static class SourceStamp
{
    private const int MostFiles = 10_000;
    private static readonly EnumerationOptions Options = new() { RecurseSubdirectories = true, MaxRecursionDepth = 16 };
    private static readonly string[] Extensions = [".cs", ".csproj", ".props", ".targets", ".editorconfig", ".config"];

    /// <summary>The stamp of a folder; folders that builds make are passed over.</summary>
    public static int Of(string folder)
    {
        var stamp = new HashCode();
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", Options).Take(MostFiles)
                .Where(f => Extensions.Contains(f.Extension) && !IsMade(Path.GetRelativePath(folder, f.FullName)))
                .OrderBy(f => f.FullName, StringComparer.Ordinal))
            {
                stamp.Add(file.FullName);
                stamp.Add(file.Length);
                stamp.Add(file.LastWriteTimeUtc);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            stamp.Add(e.Message); // A file that is just being renamed: looked at again.
        }

        return stamp.ToHashCode();
    }

    private static bool IsMade(string path) => path.Split('/').Any(part => part is "bin" or "obj" or "artifacts");
}

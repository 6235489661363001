using System.Collections.Immutable;
using Weft.Testing;

namespace Weft.Tests.Tidy;

/// <summary>The files that people wrote, by their path from the root of the checkout. What builds make is left out.</summary>
internal static class SourceTree
{
    private static readonly ImmutableHashSet<string> Made =
        ["artifacts", "bin", "obj", "node_modules", "dist", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static ImmutableArray<string> Files { get; } =
    [
        .. Walk(new DirectoryInfo(RepositoryRoot.Path))
            .Select(f => Path.GetRelativePath(RepositoryRoot.Path, f))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Those without a zero byte in the first 8000, which is how git tells text from the rest.</summary>
    public static ImmutableArray<string> TextFiles { get; } = [.. Files.Where(IsText)];

    public static IEnumerable<string> Under(string folder, string extension) =>
        Files.Where(f =>
            f.StartsWith(folder + "/", StringComparison.Ordinal) && f.EndsWith(extension, StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(RepositoryRoot.Path, file));

    private static bool IsText(string file)
    {
        using var stream = File.OpenRead(Path.Combine(RepositoryRoot.Path, file));
        var start = new byte[8000];
        return !start.AsSpan(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)).Contains((byte)0);
    }

    private static IEnumerable<string> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles()
            .Where(f => f.LinkTarget is null && f.Name != ".git")
            .Select(f => f.FullName)
            .Concat(folder.EnumerateDirectories()
                .Where(d => d.LinkTarget is null && !Made.Contains(d.Name) && (d.Name[0] != '.' || d.Name == ".ci"))
                .SelectMany(Walk));
}

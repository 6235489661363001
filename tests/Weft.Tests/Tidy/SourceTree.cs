using System.Collections.Immutable;
using Weft.Testing;

namespace Weft.Tests.Tidy;

/// <summary>The files that people wrote, with paths relative to the root of the checkout. What builds make is left out.</summary>
internal static class SourceTree
{
    private static readonly ImmutableHashSet<string> Made =
        ["artifacts", "bin", "obj", "node_modules", "dist", "TestResults", "BenchmarkDotNet.Artifacts"];

    private static readonly ImmutableHashSet<string> Text =
    [
        ".c", ".cs", ".cshtml", ".csproj", ".css", ".h", ".html", ".js", ".json", ".md", ".props", ".proto", ".sh", ".slnx", ".svg",
        ".targets", ".toml", ".ts", ".tsx", ".txt", ".yaml", ".yml",
        "", // Makefile, .ci/run
    ];

    public static ImmutableArray<string> Files { get; } =
        [.. Walk(new DirectoryInfo(RepositoryRoot.Path)).Select(f => Path.GetRelativePath(RepositoryRoot.Path, f)).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> TextFiles => Files.Where(f => Text.Contains(Path.GetExtension(f)));

    public static IEnumerable<string> Under(string folder, string extension) =>
        Files.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal) && f.EndsWith(extension, StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(RepositoryRoot.Path, file));

    private static IEnumerable<string> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles()
            .Where(f => f.LinkTarget is null && f.Name != ".git")
            .Select(f => f.FullName)
            .Concat(folder.EnumerateDirectories()
                .Where(d => d.LinkTarget is null && !Made.Contains(d.Name) && (d.Name[0] != '.' || d.Name == ".ci"))
                .SelectMany(Walk));
}

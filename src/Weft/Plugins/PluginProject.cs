using Weft.Commands;

namespace Weft.Plugins;

/// <summary>The project of a plugin, and that of its tests, found in the folder that the user named.</summary>
/// <param name="Folder">The folder that the user named, or that of the project that was named.</param>
/// <param name="File">The plugin's project.</param>
/// <param name="Tests">The project of its tests; null where there is none.</param>
internal sealed record PluginProject(string Folder, string File, string? Tests)
{
    private const int MostDepth = 3;

    /// <summary>The plugin's name.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>Where the module is written unless told.</summary>
    public string Module => Path.Combine(Folder, Name + ".wasm");

    /// <summary>Finds the projects.</summary>
    /// <param name="path">A folder with one plugin in it, or a project.</param>
    /// <exception cref="UsageException">There is none, or more than one.</exception>
    public static PluginProject Find(string path)
    {
        if (System.IO.File.Exists(path))
        {
            return Path.GetExtension(path) == ".csproj"
                ? new(FolderOf(path), path, null)
                : throw new UsageException($"'{path}' is no project: name a folder, a .csproj or a .dll.");
        }

        if (!Directory.Exists(path))
        {
            throw new UsageException($"There is no folder '{path}'.");
        }

        var projects = Projects(path).Select(f => (File: f, Text: System.IO.File.ReadAllText(f))).ToList();
        var tests = projects.Where(p => Refers(p.Text, "Weft.Wasm.Host")).Select(p => p.File).ToList();
        var plugins = projects.Where(p => Refers(p.Text, "Weft.Wasm.Sdk")).Select(p => p.File).Except(tests).ToList();
        return plugins switch
        {
            [var one] => new(path, one, tests is [var test] ? test : null),
            [] => throw new UsageException($"'{path}' has no project that refers to Weft.Wasm.Sdk: 'weft plugin new' makes one."),
            _ => throw new UsageException($"'{path}' has several plugins, name one: {string.Join(", ", plugins)}"),
        };
    }

    private static IEnumerable<string> Projects(string folder) => Directory.EnumerateFiles(
        folder, "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MostDepth })
        .Order(StringComparer.Ordinal);

    // As a package or as a project.
    private static bool Refers(string project, string library) =>
        project.Contains($"\"{library}\"", StringComparison.Ordinal)
        || project.Contains($"/{library}.csproj\"", StringComparison.Ordinal);

    private static string FolderOf(string file) => Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : ".";
}

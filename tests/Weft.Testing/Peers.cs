using Xunit;

namespace Weft.Testing;

/// <summary>
/// Real programs that tests talk to: Envoy, an API server, etcd. They are looked for in the folder that
/// <c>WEFT_PEERS</c> names, then in <c>PATH</c>.
/// </summary>
public static class Peers
{
    /// <summary>The path of a program; where it is missing, the calling test is skipped and says why.</summary>
    public static string Require(string program)
    {
        var path = Find(program);
        if (path is null)
        {
            Assert.Skip($"needs the program '{program}': not in WEFT_PEERS ({Folder ?? "not set"}) and not in PATH");
        }

        return path;
    }

    /// <summary>The path of a program, or null.</summary>
    public static string? Find(string program) =>
        Folders().Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>The path of a file beside the peers, such as <c>wasm/header_metric.wasm</c>; skips like <see cref="Require"/>.</summary>
    public static string RequireFile(string file)
    {
        var path = Folder is null ? null : Path.Combine(Folder, file);
        if (!File.Exists(path))
        {
            Assert.Skip($"needs the file '{file}' in WEFT_PEERS ({Folder ?? "not set"})");
        }

        return path;
    }

    private static string? Folder =>
        Environment.GetEnvironmentVariable("WEFT_PEERS") is { Length: > 0 } folder ? folder : null;

    private static IEnumerable<string> Folders()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var folders = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Folder is null ? folders : folders.Prepend(Folder);
    }
}

using System.Diagnostics;

namespace Weft.Kernel.Tests.Maps;

/// <summary>A BPF file system in a temporary folder; the test is skipped where it cannot be mounted.</summary>
internal sealed class BpfFolder : IDisposable
{
    private BpfFolder(string path) => Path = path;

    public string Path { get; }

    public static BpfFolder Mount()
    {
        var path = Directory.CreateTempSubdirectory("weft-bpf-").FullName;
        if (Run("mount", "-t", "bpf", "bpf", path) != 0)
        {
            Directory.Delete(path);
            Assert.Skip("a BPF file system cannot be mounted here");
        }

        return new(path);
    }

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Run("umount", Path) == 0)
        {
            Directory.Delete(Path);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

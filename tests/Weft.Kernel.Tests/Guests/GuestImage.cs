using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Guests;

/// <summary>The files of a test machine: its only program, the libraries that it needs, and what it loads.</summary>
internal static class GuestImage
{
    private const string Libraries = "/lib/x86_64-linux-gnu";
    private const string Loader = "/lib64/ld-linux-x86-64.so.2";

    private static readonly string[] Objects =
        ["data", "maps", "functions", "externs", "hooks", "probes", "usdt", "modules", "user_ring", "congestion", "arena", "networks"];

    /// <summary>Writes them.</summary>
    /// <param name="target">The file to write.</param>
    /// <param name="guest">The program.</param>
    /// <param name="kernel">The folder of the kernel, with its configuration and its module.</param>
    public static void Write(string target, string guest, string kernel)
    {
        using var file = File.Create(target);
        var archive = new CpioArchive(file);
        foreach (var name in (string[])["proc", "sys", "dev", "tmp"])
        {
            archive.Folder(name);
        }

        // What the kernel opens for the first process.
        archive.Device("dev/console", 5, 1);
        archive.File("init", File.ReadAllBytes(guest));
        foreach (var library in (string[])[Loader, $"{Libraries}/libc.so.6", $"{Libraries}/libm.so.6"])
        {
            archive.File(library[1..], File.ReadAllBytes(library));
        }

        foreach (var name in Objects)
        {
            archive.File($"objects/{name}.o", Clang.Compile($"{name}.bpf.c", more: "-D__TARGET_ARCH_x86"));
        }

        // With functions and places to watch.
        using var folder = new TempFolder();
        archive.File("objects/places.so", File.ReadAllBytes(Gcc.Places(Path.Combine(folder.Path, "places.so"), "-shared -fPIC")));
        archive.File("objects/places", File.ReadAllBytes(Gcc.Places(Path.Combine(folder.Path, "places"), "-no-pie")));
        foreach (var path in Directory.EnumerateFiles(kernel))
        {
            var name = Path.GetFileName(path);
            var place = Path.GetExtension(name) == ".ko" ? "modules" : name.StartsWith("config-", StringComparison.Ordinal) ? "boot" : null;
            if (place is not null)
            {
                archive.File($"{place}/{name}", File.ReadAllBytes(path));
            }
        }

        archive.End();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Weft.Testing;

namespace Weft.Kernel.Tests.Stage;

/// <summary>Compiles C to objects with Debian's clang-19; each file once in a run.</summary>
internal static class Clang
{
    private const string Program = "clang-19";

    private static readonly ConcurrentDictionary<(string, bool, string), Lazy<byte[]>> Compiled = new();

    // Where Debian has the headers of the machine: asm/types.h.
    private static string SystemHeaders => RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        ? "/usr/include/aarch64-linux-gnu"
        : "/usr/include/x86_64-linux-gnu";

    /// <summary>The object of a file in <c>bpf/tests</c>. Skips the test where there is no such compiler.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="isBigEndian">Whether for a machine with the most significant byte first.</param>
    /// <param name="more">More arguments, parted by spaces.</param>
    public static byte[] Compile(string file, bool isBigEndian = false, string more = "") =>
        Compiled.GetOrAdd((file, isBigEndian, more), key => new(() => Run(key.Item1, key.Item2, key.Item3))).Value;

    /// <summary>The object of a text, which includes nothing.</summary>
    public static byte[] CompileText(string text)
    {
        var source = Path.GetTempFileName();
        try
        {
            File.WriteAllText(source, text);
            return Run(source, isBigEndian: false, "-x c");
        }
        finally
        {
            File.Delete(source);
        }
    }

    private static byte[] Run(string file, bool isBigEndian, string more)
    {
        var clang = Peers.Require(Program);
        var source = Path.Combine(AppContext.BaseDirectory, "bpf", "tests", file);
        var target = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(clang) { RedirectStandardError = true };
            string[] arguments =
            [
                "-target", isBigEndian ? "bpfeb" : "bpfel", "-g", "-O2", "-mcpu=v3", "-Wall", "-Werror",
                "-I", Path.Combine(AppContext.BaseDirectory, "bpf", "tests"), "-idirafter", SystemHeaders, .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                "-c", source, "-o", target,
            ];
            foreach (var argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{file}: {errors}");
            return File.ReadAllBytes(target);
        }
        finally
        {
            File.Delete(target);
        }
    }
}

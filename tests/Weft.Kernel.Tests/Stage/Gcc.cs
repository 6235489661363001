using System.Diagnostics;
using System.Runtime.InteropServices;
using Weft.Testing;

namespace Weft.Kernel.Tests.Stage;

/// <summary>Compiles C to executables and libraries for this machine.</summary>
internal static class Gcc
{
    /// <summary>Compiles <c>places.c</c>. Skips the test where there is no compiler, or the machine is another.</summary>
    /// <param name="target">The file to write.</param>
    /// <param name="arguments">What it becomes: <c>-no-pie</c>, <c>-pie -fPIE</c>, <c>-shared -fPIC</c>.</param>
    public static string Places(string target, string arguments)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "its places are in the language of x86-64");
        var start = new ProcessStartInfo(Peers.Require("gcc")) { RedirectStandardError = true };
        var source = Path.Combine(AppContext.BaseDirectory, "bpf", "tests", "places.c");
        foreach (var argument in (string[])["-O1", .. arguments.Split(' '), source, "-o", target])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        return target;
    }
}

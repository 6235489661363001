using System.Diagnostics;

namespace Weft.Kernel.Tests.Links;

/// <summary>Commands in the namespaces of the calling thread.</summary>
internal static class Shell
{
    public static void Run(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", command]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command}: {errors}");
    }
}

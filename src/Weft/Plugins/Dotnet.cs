using System.ComponentModel;
using System.Diagnostics;
using Weft.Commands;

namespace Weft.Plugins;

/// <summary>The .NET SDK's program, which builds and tests projects.</summary>
internal static class Dotnet
{
    /// <summary>Builds a project for release.</summary>
    /// <returns>The path of its assembly.</returns>
    /// <exception cref="CommandException">It does not build; the message is what the compiler says.</exception>
    public static async Task<string> BuildAsync(PluginProject project, CancellationToken cancellation)
    {
        var (code, output) = await RunAsync(
            project.Folder,
            ["build", Path.GetFullPath(project.File), "-c", "Release", "--nologo", "-t:Build", "-getProperty:TargetPath", .. Properties()],
            cancellation);
        var assembly = output.Trim();
        return code == 0 && File.Exists(assembly)
            ? assembly
            : throw new CommandException($"{project.File} does not build:\n{Reasons(output)}");
    }

    /// <summary>Runs the tests of a project; they print what they print.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> TestAsync(PluginProject project, string module, CancellationToken cancellation)
    {
        using var process = Start(new ProcessStartInfo("dotnet", [
            "test", "--project", Path.GetFullPath(project.Tests!), "-c", "Release", "--nologo",
            $"-p:WeftModule={Path.GetFullPath(module)}", .. Properties()])
        {
            WorkingDirectory = project.Folder,
        });
        await WaitAsync(process, cancellation);
        return process.ExitCode;
    }

    // The module is made here, not by the project; and always of the packages beside this program.
    private static IEnumerable<string> Properties() =>
        SdkFolder.Find() is { } sdk ? ["-p:WeftProgram=", $"-p:WeftSdkVersion={sdk.Version}"] : ["-p:WeftProgram="];

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string folder, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        var (output, errors) = (
            process.StandardOutput.ReadToEndAsync(CancellationToken.None),
            process.StandardError.ReadToEndAsync(CancellationToken.None));
        await WaitAsync(process, cancellation);
        return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await errors);
    }

    private static Process Start(ProcessStartInfo start)
    {
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";

        // A build's helpers that live on would hold the pipes that are read to their ends.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new CommandException($"Plugins are built with the .NET SDK, and 'dotnet' cannot be started: {e.Message}.", e);
        }
    }

    private static async Task WaitAsync(Process process, CancellationToken cancellation)
    {
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    // The compiler's messages come once for each step that repeats them.
    private static string Reasons(string output)
    {
        var lines = output.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).Distinct().ToList();
        var errors = lines.Where(l => l.Contains(": error ", StringComparison.Ordinal)).ToList();
        return string.Join('\n', errors.Count > 0 ? errors : lines);
    }
}

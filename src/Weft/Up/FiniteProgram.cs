using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Weft.Commands;

namespace Weft.Up;

/// <summary>A program that is run to its end.</summary>
internal static class FiniteProgram
{
    private const int LinesKept = 20;

    public static async Task<(int ExitCode, string LastLines)> RunAsync(
        string program, ImmutableArray<string> arguments, string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new CommandException($"'{program}' cannot be started: {e.Message}.", e);
        }

        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var lines = (await output + await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (process.ExitCode, string.Join('\n', lines.TakeLast(LinesKept)));
    }
}

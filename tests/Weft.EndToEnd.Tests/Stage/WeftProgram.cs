using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>The <c>weft</c> executable of this build, or the one that <c>WEFT_PROGRAM</c> names.</summary>
internal static class WeftProgram
{
    // Beside the tests, in the folder of the same configuration.
    public static readonly string Path = Environment.GetEnvironmentVariable("WEFT_PROGRAM") ?? System.IO.Path.GetFullPath(
        $"../../Weft/{new DirectoryInfo(AppContext.BaseDirectory).Name}/weft", AppContext.BaseDirectory);

    public static ChildProcess Start(params IEnumerable<string> arguments) => ChildProcess.Start(Path, arguments);

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params IEnumerable<string> arguments)
    {
        await using var weft = Start(arguments);
        var code = await weft.WaitForExitAsync();
        return (code, string.Join('\n', weft.Lines));
    }

    /// <summary>Runs a command that must succeed, and returns what it printed.</summary>
    public static async Task<string> OutputAsync(params IEnumerable<string> arguments)
    {
        var (code, output) = await RunAsync(arguments);
        Assert.True(code == 0, $"weft {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }
}

using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>What the programs of a test said goes into its output, which a runner shows where the test fails.</summary>
internal static class StageLog
{
    private const int Lines = 60;

    public static async Task CloseAsync(ChildProcess process)
    {
        Write(process);
        await process.DisposeAsync();
    }

    public static void Write(ChildProcess process)
    {
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"--- {process.Name}, the last of {process.Lines.Count} lines:");
        foreach (var line in process.Lines.TakeLast(Lines))
        {
            output?.WriteLine(line);
        }
    }
}

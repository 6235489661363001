using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>The sample that serves a resource type of its own.</summary>
public sealed class CustomTypeTests : IDisposable
{
    // Beside the tests, in the folder of the same configuration.
    private static readonly string Program = Path.GetFullPath(
        $"../../XdsCustomTypeSample/{new DirectoryInfo(AppContext.BaseDirectory).Name}/xds-custom-type", AppContext.BaseDirectory);

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_type_that_nobody_knows_is_served_to_whom_asks_for_it()
    {
        var port = FreePorts.Next();
        // A pipe that stays open is the keyboard.
        await using var server = ChildProcess.Start(
            "sh", ["-c", $"mkfifo keys && exec 3<>keys && exec {Program} serve {port} <&3"], folder: _folder.Path);
        await server.WaitForLineAsync("serving on");
        await using var watch = ChildProcess.Start(Program, ["watch", $"http://127.0.0.1:{port}", "checkout"]);
        await watch.WaitForLineAsync("checkout is for nobody");
        Type("checkout 10");
        await watch.WaitForLineAsync("checkout is for 10 % of the users");
        Type("search 50");
        Type("checkout 25");
        await watch.WaitForLineAsync("checkout is for 25 % of the users");
        Type("checkout");
        await watch.WaitForLineAsync(
            "the end of checkout", _ => watch.Lines.Count(l => l == "checkout is for nobody") == 2);
        Assert.DoesNotContain(watch.Lines, line => line.Contains("search", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private void Type(string line)
    {
        using var keys = new StreamWriter(new FileStream(_folder.PathOf("keys"), FileMode.Open, FileAccess.Write));
        keys.Write(line + "\n");
    }
}

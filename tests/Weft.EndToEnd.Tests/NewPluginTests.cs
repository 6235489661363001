using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>What somebody who has only the program does to get a plugin.</summary>
public sealed class NewPluginTests : IDisposable
{
    private const string Configuration = """{"header": "x-hello", "value": "world"}""";
    private const int MostBytes = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_new_plugin_builds_passes_its_tests_and_runs()
    {
        var plugin = _folder.PathOf("add-header");
        await WeftAsync("plugin", "new", plugin);
        Assert.Contains("add-header.wasm: ", await WeftAsync("plugin", "build", plugin), StringComparison.Ordinal);
        var module = Path.Combine(plugin, "add-header.wasm");
        Assert.InRange(new FileInfo(module).Length, 1, MostBytes);

        await WeftAsync("plugin", "check", module);
        Assert.Contains(
            "+ x-hello: world", await WeftAsync("plugin", "run", module, "--config", Configuration), StringComparison.Ordinal);
        Assert.Contains("host calls", await WeftAsync("plugin", "bench", module, "--config", Configuration, "-n", "1000"),
            StringComparison.Ordinal);
        Assert.Contains("succeeded: 4", await WeftAsync("plugin", "test", plugin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_in_the_subset_is_told_with_its_place_and_the_last_module_stays()
    {
        var plugin = _folder.PathOf("mine");
        await WeftAsync("plugin", "new", plugin);
        await WeftAsync("plugin", "build", plugin);
        var module = Path.Combine(plugin, "mine.wasm");
        var before = await File.ReadAllBytesAsync(module, TestContext.Current.CancellationToken);

        var source = Path.Combine(plugin, "plugin/Plugin.cs");
        var text = await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            source,
            text.Replace("plugin.Requests.Add();", "System.Console.WriteLine(endOfStream);", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var (code, output) = await RunAsync("plugin", "build", plugin);
        Assert.Equal(1, code);
        Assert.Matches(@"Plugin\.cs:\d+:\d+: error PW\d{4}: ", output);
        Assert.Equal(before, await File.ReadAllBytesAsync(module, TestContext.Current.CancellationToken));

        await File.WriteAllTextAsync(source, text + "}", TestContext.Current.CancellationToken);
        (code, output) = await RunAsync("plugin", "build", plugin);
        Assert.Equal(1, code);
        Assert.Contains("error CS1022", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_of_this_repository_builds_to_a_module_that_proxies_take()
    {
        var module = _folder.PathOf("one-header.wasm");
        await WeftAsync("plugin", "build", Path.Combine(RepositoryRoot.Path, "plugins/OneHeader"), "-o", module);
        Assert.Contains("proxy_on_request_headers", await WeftAsync("plugin", "check", module), StringComparison.Ordinal);
        var run = await WeftAsync("plugin", "run", module, "-H", "x-user-tier: gold", "--json");
        Assert.Contains("\"x-envoy-flow-tag\"", run, StringComparison.Ordinal);
        Assert.Contains("\"outcome\": \"passed\"", run, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> WeftAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        Assert.True(code == 0, $"weft {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }

    // The .NET SDK builds behind these commands, in its own time.
    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var weft = WeftProgram.Start(arguments);
        var code = await weft.WaitForExitAsync(Patience);
        return (code, string.Join('\n', weft.Lines));
    }
}

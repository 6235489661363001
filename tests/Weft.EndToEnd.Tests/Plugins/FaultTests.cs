using System.Globalization;
using System.Net;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;
using Weft.Wasm.Compiling;

namespace Weft.EndToEnd.Tests.Plugins;

/// <summary>A plugin with mistakes harms no request but the one that meets it, and that only by not being looked at.</summary>
public sealed class FaultTests : IAsyncDisposable
{
    private static readonly Lazy<byte[]> Module = new(Compile);
    private readonly TagScene _scene = new();

    [Theory, EachDataPlane]
    public async Task A_fault_is_contained_the_request_answered_and_the_line_of_the_source_told(DataPlaneKind kind)
    {
        await _scene.StartAsync(kind, isGateway: true, "{}");
        var file = _scene.Control.Manifests.PathOf("faulty.wasm");
        await File.WriteAllBytesAsync(file, Module.Value, TestContext.Current.CancellationToken);
        _scene.Plugin($"file://{file}");
        await Eventually.GetAsync(
            "the plugin", _ => SeenAsync("none"), seen => seen.Contains("\nx-passed: yes", StringComparison.Ordinal),
            cancellation: TestContext.Current.CancellationToken);

        var faults = 0;
        foreach (var (fault, reason) in (IEnumerable<(string, string)>)
            [("index", "index out of range"), ("division", "division by zero"), ("loop", "fuel exhausted")])
        {
            for (var again = 0; again < 2; again++, faults++)
            {
                Assert.DoesNotContain("x-passed", await SeenAsync(fault), StringComparison.Ordinal);
                Assert.Contains("\nx-passed: yes", await SeenAsync("none"), StringComparison.Ordinal);
            }

            var line = await _scene.Proxy.Process.WaitForLineAsync($"plugin fault contained: {reason}");
            Assert.Contains("FaultyRequest.OnRequestHeaders", line, StringComparison.Ordinal);
            Assert.Matches(string.Create(CultureInfo.InvariantCulture, $@"OnRequestHeaders:{LineOf(reason)}\b"), line);
        }

        if (kind == DataPlaneKind.Envoy)
        {
            Assert.Equal(faults, (await _scene.Proxy.StatsAsync())["wasmcustom.weft_plugin_faults"]);
        }
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    private async Task<string> SeenAsync(string fault)
    {
        var answer = await _scene.Caller.GetAsync(TagScene.Host, "/headers", ("x-fault", fault));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Body;
    }

    // This assembly has the plugin in it; of all else in it nothing gets into the module.
    private static byte[] Compile()
    {
        var compiled = PluginCompiler.Compile(Assembly("Weft.EndToEnd.Tests"), [Assembly("Weft.Wasm.Sdk")]);
        Assert.True(compiled.Module is not null, string.Join('\n', compiled.Diagnostics));
        return compiled.Module;
    }

    private static PluginAssembly Assembly(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, name);
        return new(File.ReadAllBytes($"{file}.dll"), File.ReadAllBytes($"{file}.pdb"));
    }

    private static int LineOf(string fault)
    {
        var source = Path.Combine(RepositoryRoot.Path, "tests/Weft.EndToEnd.Tests/Plugins/FaultyPlugin.cs");
        return File.ReadLines(source).TakeWhile(line => !line.EndsWith($"// {fault}", StringComparison.Ordinal)).Count() + 1;
    }
}

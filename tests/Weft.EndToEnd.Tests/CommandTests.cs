using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>What a shell sees of the commands.</summary>
public sealed class CommandTests : IAsyncDisposable
{
    private readonly Mesh _mesh = new();

    [Fact]
    public async Task Validate_is_0_for_good_manifests_1_for_mistakes_and_2_for_wrong_usage()
    {
        var samples = Path.Combine(RepositoryRoot.Path, "samples/bookshop");
        Assert.Equal(0, (await WeftProgram.RunAsync("validate", samples)).ExitCode);

        var folder = _mesh.Control.Manifests;
        _mesh.Write("bad", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 0}]}\n");
        var (code, output) = await WeftProgram.RunAsync("validate", folder.Path);
        Assert.Equal(1, code);
        Assert.Contains($"{folder.PathOf("bad.yaml")}:4:23: error WEFT1102", output, StringComparison.Ordinal);

        Assert.Equal(2, (await WeftProgram.RunAsync("validate", folder.PathOf("missing"))).ExitCode);
        Assert.Equal(2, (await WeftProgram.RunAsync("validate")).ExitCode);
        Assert.Equal(2, (await WeftProgram.RunAsync("validate", "--no-such-option")).ExitCode);
    }

    [Fact]
    public async Task Validate_tells_which_rule_of_Envoy_a_manifest_would_break()
    {
        var headers = string.Join(", ", Enumerable.Range(0, 1001).Select(i => $"{{name: x-{i}, value: a}}"));
        var filter = $"{{type: RequestHeaderModifier, requestHeaderModifier: {{set: [{headers}]}}}}";
        var rule = Manifest.Rule($"filters: [{filter}],", ("a", 1));
        _mesh.Write("many", Manifest.Service("a") + Manifest.Route("a", rule));
        var (code, output) = await WeftProgram.RunAsync("validate", _mesh.Control.Manifests.Path);
        Assert.Equal(1, code);
        Assert.Contains("WEFT4002", output, StringComparison.Ordinal);
        const string Rule = "virtual_hosts[0].routes[0].request_headers_to_add must have at most 1000 items";
        Assert.Contains(Rule, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_with_an_address_that_is_taken_is_1_and_says_which()
    {
        await _mesh.Control.StartAsync();
        var (code, output) = await WeftProgram.RunAsync(
            "run", "--manifests", _mesh.Control.Manifests.Path,
            "--xds", _mesh.Control.Xds, "--admin", $"127.0.0.1:{FreePorts.Next()}");
        Assert.Equal(1, code);
        Assert.Contains(_mesh.Control.Xds, output, StringComparison.Ordinal);
    }

    [Theory, EachDataPlane]
    public async Task Run_ends_with_0_when_asked_to_although_streams_are_open(DataPlaneKind kind)
    {
        await _mesh.WithAsync("v1");
        await _mesh.StartAsync(kind, "v1");
        await using var load = Load.Start(_mesh.Caller, "v1");
        await load.MoreAsync("v1");
        _mesh.Control.Process.Signal("TERM");
        Assert.Equal(0, await _mesh.Control.Process.WaitForExitAsync());
        await load.MoreAsync("v1", 100);
        await load.NoneFailedAsync();
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();
}

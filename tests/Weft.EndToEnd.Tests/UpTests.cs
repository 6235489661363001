using System.Text.Json.Nodes;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary><c>weft up</c>: a whole mesh from one folder, and nothing of it left at the end.</summary>
public sealed class UpTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory, EachDataPlane]
    public async Task A_mesh_runs_from_its_folder_and_an_interrupt_ends_all_of_it(DataPlaneKind kind)
    {
        string[] plane = kind == DataPlaneKind.Envoy
            ? ["--data-plane", "envoy", "--envoy", Peers.Require("envoy")]
            : ["--data-plane", "embedded"];
        _folder.Write("mesh.yaml",
            Manifest.Service("frontend") + Manifest.Service("front-v1") + Manifest.Service("front-v2")
            + Manifest.Route("frontend", Manifest.Rule("", ("front-v1", 1), ("front-v2", 1)))
            + Manifest.Workload("front-v1", "front-v1", FreePorts.Next(), FreePorts.Next(), run: Bookshop("ratings"))
            + Manifest.Workload("front-v2", "front-v2", FreePorts.Next(), FreePorts.Next(), run: Bookshop("ratings"))
            + Manifest.Workload("shopper", null, outbound: FreePorts.Next(), run: Bookshop("shopper")));
        await using var up = WeftProgram.Start(
            ["up", _folder.Path, "--json", "--xds", $"127.0.0.1:{FreePorts.Next()}",
            "--admin", $"127.0.0.1:{FreePorts.Next()}", .. plane]);
        await up.WaitForLineAsync(
            "requests to both versions and three proxies synced",
            line => line.StartsWith('{') && IsWell(JsonNode.Parse(line)!));

        up.Signal("INT");
        Assert.Equal(0, await up.WaitForExitAsync());
        Assert.Empty(up.Session());
    }

    public void Dispose() => _folder.Dispose();

    private static bool IsWell(JsonNode view) =>
        view["proxiesSynced"]!.GetValue<int>() == 3
        && view["proxies"]!.GetValue<int>() == 3
        && view["errors"]!.GetValue<double>() == 0
        && view["services"]!.AsArray().Single()!["versions"]!.AsArray()
            .All(version => version!["requests"]!.GetValue<double>() > 0);

    private static string Bookshop(string role)
    {
        var program = Path.Combine(RepositoryRoot.Path, "artifacts/bin/Bookshop/release/bookshop");
        Assert.SkipUnless(File.Exists(program), "needs the bookshop: build the solution");
        return $"{{command: [{program}, {role}]}}";
    }
}

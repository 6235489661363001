using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>Changes under load: each arrives, and no request fails for it.</summary>
public sealed class LiveChangeTests : IAsyncDisposable
{
    private readonly Mesh _mesh = new();

    [Theory, EachDataPlane]
    public async Task Weights_move_the_traffic_without_a_failed_request(DataPlaneKind kind)
    {
        await _mesh.WithAsync("v1", "v2");
        _mesh.Write("route", Weights(90, 10));
        await using var load = await StartAsync(kind);
        await load.MoreAsync("v1");
        await load.MoreAsync("v2");
        _mesh.Write("route", Weights(0, 100));
        await load.OnlyAsync("v2");
        await load.NoneFailedAsync();
    }

    [Theory, EachDataPlane]
    [Trait(Soak.Trait, "true")]
    public async Task Routes_change_many_times_and_no_request_fails(DataPlaneKind kind)
    {
        var seed = Soak.Seed();
        var random = new RandomRoutes(new Random(seed));
        await _mesh.WithAsync("a", "b");
        // Whatever the random rules do not take goes to the same backend, so an answer shows which change is in force.
        string To(string backend) => new RoutingCase(
            "reviews", $"{random.Rules(backend)}- backendRefs: [{{name: {backend}, port: 80}}]\n", null, []).Manifests;
        _mesh.Write("route", To("a"));
        await using var load = await StartAsync(kind);
        for (var change = 0; change < Soak.Runs(30, 500); change++)
        {
            var backend = change % 2 == 0 ? "b" : "a";
            _mesh.Write("route", To(backend));
            await load.MoreAsync(backend, 3);
        }

        await load.NoneFailedAsync();
    }

    [Theory, EachDataPlane]
    public async Task A_removed_workload_gets_no_more_traffic_and_no_request_fails(DataPlaneKind kind)
    {
        await WithTwoEndpointsAsync();
        await using var load = await StartAsync(kind);
        await load.MoreAsync("a");
        await load.MoreAsync("b");
        _mesh.Delete("b");
        await load.OnlyAsync("a");
        await load.NoneFailedAsync();
    }

    [Theory, EachDataPlane]
    public async Task An_endpoint_that_is_not_ready_gets_no_more_traffic_and_no_request_fails(DataPlaneKind kind)
    {
        var (a, b) = (await _mesh.ApplicationAsync("a"), await _mesh.ApplicationAsync("b"));
        _mesh.Write("reviews", Manifest.Service("reviews"));
        var kept = Manifest.Slice("a", "reviews", a.Port);
        _mesh.Write("slices", kept + Manifest.Slice("b", "reviews", b.Port));
        await using var load = await StartAsync(kind);
        await load.MoreAsync("a");
        await load.MoreAsync("b");
        _mesh.Write("slices", kept + Manifest.Slice("b", "reviews", b.Port, ready: false));
        await load.OnlyAsync("a");
        await load.NoneFailedAsync();
    }

    [Theory, EachDataPlane]
    public async Task A_new_endpoint_gets_traffic(DataPlaneKind kind)
    {
        await WithTwoEndpointsAsync();
        await using var load = await StartAsync(kind);
        _mesh.Write("c", Manifest.Workload("c", "reviews", (await _mesh.ApplicationAsync("c")).Port));
        await load.MoreAsync("c");
        await load.NoneFailedAsync();
    }

    [Theory, EachDataPlane]
    public async Task Traffic_outlives_the_control_plane_and_its_successor_is_obeyed(DataPlaneKind kind)
    {
        await _mesh.WithAsync("v1", "v2");
        _mesh.Write("route", Weights(100, 0));
        await using var load = await StartAsync(kind);
        await _mesh.Control.KillAsync();
        await load.MoreAsync("v1", 200);
        await _mesh.Control.StartAsync();
        await _mesh.Control.SyncedAsync(Mesh.Client);
        await load.MoreAsync("v1", 200);
        _mesh.Write("route", Weights(0, 100));
        await load.OnlyAsync("v2");
        await load.NoneFailedAsync();
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private static string Weights(int v1, int v2) =>
        Manifest.Service("reviews") + Manifest.Route("reviews", Manifest.Rule("", ("v1", v1), ("v2", v2)));

    private async Task WithTwoEndpointsAsync()
    {
        _mesh.Write("reviews", Manifest.Service("reviews"));
        foreach (var name in new[] { "a", "b" })
        {
            _mesh.Write(name, Manifest.Workload(name, "reviews", (await _mesh.ApplicationAsync(name)).Port));
        }
    }

    private async Task<Load> StartAsync(DataPlaneKind kind)
    {
        await _mesh.StartAsync(kind, "reviews");
        return Load.Start(_mesh.Caller, "reviews");
    }
}

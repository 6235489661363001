using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Weft.Testing;
using Weft.Xds;

namespace Weft.Tests.Proxy;

/// <summary>The configuration changes while requests run; none of them fails.</summary>
public sealed class LiveChangeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_control_plane_that_does_not_say_that_endpoints_are_missing_keeps_the_listeners_shut_for_a_while_only()
    {
        var time = new FakeTimeProvider();
        await using var mesh = await Mesh.StartAsync(time);
        mesh.Plane.TellsAbsence = false;
        mesh.Plane.Apply(Resources.Cluster("a"), Resources.Listener("l", "r"), Resources.Routes("r", Resources.To("a")));
        var shut = await mesh.UntilAsync(s => s.Xds[TypeUrl.Route].Resources.Count > 0 && s.WarmingListeners.Contains("l"));
        Assert.Empty(shut.Listeners);
        await Eventually.HoldsAsync(
            "the listener is open",
            _ =>
            {
                time.Advance(TimeSpan.FromSeconds(15));
                return Task.FromResult(!mesh.Proxy.Status.Value.Listeners.IsEmpty);
            },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await mesh.GetAsync()).Status);
    }

    [Fact]
    public async Task Traffic_is_split_by_weight_and_weight_0_gets_none()
    {
        await using var mesh = await Mesh.StartAsync();
        var a = await mesh.ServeAsync("a");
        var b = await mesh.ServeAsync("b");
        var c = await mesh.ServeAsync("c");
        await mesh.RouteAsync(
            Resources.Routes("r", Resources.Split(("a", 50), ("b", 50), ("c", 0))), ("a", a), ("b", b), ("c", c));
        var answers = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            answers.Add((await mesh.GetAsync()).Body);
        }

        Assert.Equal(["a", "b"], answers.Distinct().Order());
    }

    [Fact]
    public async Task Routes_and_clusters_change_under_load_without_a_failed_request()
    {
        await using var mesh = await Mesh.StartAsync();
        var a = await mesh.ServeAsync("a");
        var b = await mesh.ServeAsync("b");
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c0")), ("c0", a));

        await using (var load = new Load(mesh))
        {
            for (var i = 1; i <= 10; i++)
            {
                // Make before break: the new cluster, the route to it, and only then the old one's end.
                mesh.Plane.Apply(Resources.Cluster($"c{i}"), Resources.Endpoints($"c{i}", i % 2 == 0 ? a : b));
                await mesh.UntilAsync(s => s.Clusters == 2);
                await mesh.InUseAsync(TypeUrl.Route, "r", mesh.Plane.Apply(Resources.Routes("r", Resources.To($"c{i}"))));
                mesh.Plane.Remove(TypeUrl.Cluster, $"c{i - 1}");
                await mesh.UntilAsync(s => s.Clusters == 1);
                await load.SomeMoreAsync();
            }

            Assert.Empty(load.Failures);
        }

        Assert.Equal("a", (await mesh.GetAsync()).Body);
    }

    [Fact]
    public async Task A_request_whose_way_is_gone_before_it_was_taken_goes_the_new_way()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holds = 0;
        // The dice fall after the request has looked at the routes of the moment: there it stands still, once.
        double Dice()
        {
            if (Interlocked.Exchange(ref holds, 0) == 1)
            {
                arrived.SetResult();
                release.Task.GetAwaiter().GetResult();
            }

            return 0;
        }

        await using var mesh = await Mesh.StartAsync(dice: Dice);
        var (a, b) = (await mesh.ServeAsync("a"), await mesh.ServeAsync("b"));
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c0")), ("c0", a));
        holds = 1;
        var held = Task.Run(() => mesh.GetAsync(), Cancellation);
        await arrived.Task.WaitAsync(Cancellation);
        mesh.Plane.Apply(Resources.Cluster("c1"), Resources.Endpoints("c1", b));
        await mesh.UntilAsync(s => s.Clusters == 2);
        await mesh.InUseAsync(TypeUrl.Route, "r", mesh.Plane.Apply(Resources.Routes("r", Resources.To("c1"))));
        mesh.Plane.Remove(TypeUrl.Cluster, "c0");
        await mesh.UntilAsync(s => s.Clusters == 1);
        release.SetResult();
        Assert.Equal((HttpStatusCode.OK, "b"), await held);
    }

    [Fact]
    public async Task A_removed_endpoint_finishes_what_it_has_and_gets_nothing_new()
    {
        await using var mesh = await Mesh.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = 0;
        var removed = false;
        var going = await mesh.ServeAsync(async context =>
        {
            if (context.Request.Path == "/slow")
            {
                arrived.TrySetResult();
                await release.Task;
                await context.Response.WriteAsync("slow but whole");
                return;
            }

            late += Volatile.Read(ref removed) ? 1 : 0;
            await context.Response.WriteAsync("going");
        });
        var staying = await mesh.ServeAsync("staying");
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c")), ("c", going));
        var slow = mesh.GetAsync("/slow");
        await arrived.Task.WaitAsync(Cancellation);

        await using (var load = new Load(mesh))
        {
            await mesh.InUseAsync(TypeUrl.Endpoints, "c", mesh.Plane.Apply(Resources.Endpoints("c", going, staying)));
            await load.SomeMoreAsync();
            await mesh.InUseAsync(TypeUrl.Endpoints, "c", mesh.Plane.Apply(Resources.Endpoints("c", staying)));
            Assert.Empty(load.Failures);
        }

        // Those that had chosen their endpoint before the change are through.
        Volatile.Write(ref removed, true);
        await using (var load = new Load(mesh))
        {
            await load.SomeMoreAsync();
            Assert.Empty(load.Failures);
        }

        Assert.Equal(0, late);
        release.SetResult();
        Assert.Equal((HttpStatusCode.OK, "slow but whole"), await slow);
    }

    [Fact]
    public async Task A_request_outlives_its_cluster_and_its_listener()
    {
        await using var mesh = await Mesh.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = await mesh.ServeAsync(async context =>
        {
            arrived.TrySetResult();
            await release.Task;
            await context.Response.WriteAsync("whole");
        });
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c")), ("c", service));
        var pending = mesh.GetAsync();
        await arrived.Task.WaitAsync(Cancellation);

        mesh.Plane.Remove(TypeUrl.Listener, "l");
        mesh.Plane.Remove(TypeUrl.Cluster, "c");
        await mesh.UntilAsync(s => s.Clusters == 0 && s.Listeners.IsEmpty);
        release.SetResult();
        Assert.Equal((HttpStatusCode.OK, "whole"), await pending);
    }

    [Fact]
    public async Task The_last_good_state_stays_while_the_server_is_away()
    {
        await using var mesh = await Mesh.StartAsync();
        var a = await mesh.ServeAsync("a");
        var b = await mesh.ServeAsync("b");
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c")), ("c", a));
        await mesh.Plane.Hellos.Reader.ReadAsync(Cancellation);

        mesh.Plane.GoDown();
        await mesh.UntilAsync(s => !s.Connected);
        Assert.Equal("a", (await mesh.GetAsync()).Body);
        var version = mesh.Plane.Apply(Resources.Endpoints("c", b));
        Assert.Equal("a", (await mesh.GetAsync()).Body);

        mesh.Plane.ComeBack();
        await mesh.InUseAsync(TypeUrl.Endpoints, "c", version);
        Assert.True(mesh.Proxy.Status.Value.Connected);
        Assert.Equal("b", (await mesh.GetAsync()).Body);
        var hello = await mesh.Plane.Hellos.Reader.ReadAsync(Cancellation);
        Assert.Equal("1", hello.InitialResourceVersions["c"]);
        Assert.Equal("test-node", hello.Node.Id);
    }

    [Fact]
    public async Task A_refused_resource_leaves_traffic_untouched_and_is_told()
    {
        await using var mesh = await Mesh.StartAsync();
        var a = await mesh.ServeAsync("a");
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c")), ("c", a));

        var bad = Resources.Listener("l", "other-routes");
        bad.UseOriginalDst = true;
        mesh.Plane.Apply(bad);
        var nack = await mesh.Plane.Nacks.Reader.ReadAsync(Cancellation);
        Assert.Equal("l: listener: use_original_dst is not supported by Weft.Proxy", nack.ErrorDetail.Message);
        Assert.Equal("a", (await mesh.GetAsync()).Body);
        await mesh.UntilAsync(s => s.Xds[TypeUrl.Listener].ResponsesRejected == 1);
        var (_, metrics) = await mesh.AdminAsync("/stats/prometheus");
        Assert.Contains("envoy_listener_manager_lds_update_rejected{} 1\n", metrics, StringComparison.Ordinal);
        var (_, dump) = await mesh.AdminAsync("/config_dump");
        Assert.Contains("use_original_dst is not supported", dump, StringComparison.Ordinal);
    }

    /// <summary>Four callers that never pause.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly Mesh _mesh;
        private readonly Task[] _callers;
        private volatile bool _stop;
        private volatile TaskCompletionSource _round = new();
        private int _answered;
        private int _goal = int.MaxValue;

        public Load(Mesh mesh)
        {
            _mesh = mesh;
            _callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(CallAsync))];
        }

        public ConcurrentQueue<string> Failures { get; } = new();

        /// <summary>Waits until forty more requests have been answered.</summary>
        public async Task SomeMoreAsync()
        {
            var round = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _round = round;
            Volatile.Write(ref _goal, Volatile.Read(ref _answered) + 40);
            await Task.WhenAny(round.Task, Task.WhenAll(_callers)).WaitAsync(Cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            _stop = true;
            await Task.WhenAll(_callers);
        }

        private async Task CallAsync()
        {
            while (!_stop)
            {
                var (status, body) = await _mesh.GetAsync();
                if (status != HttpStatusCode.OK)
                {
                    Failures.Enqueue($"{status} {body}");
                }

                if (Interlocked.Increment(ref _answered) >= Volatile.Read(ref _goal))
                {
                    _round.TrySetResult();
                }
            }
        }
    }
}

using System.Net;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Stats;
using Weft.Proxy.Upstream;

namespace Weft.Tests.Proxy;

/// <summary>Endpoints that are put aside, that do not answer, and that have too much to do.</summary>
public sealed class HealthTests
{
    /// <summary>As the control plane names clusters. It cannot be the host of a question.</summary>
    private const string Name = "outbound|80||c.shop";

    private static readonly HealthCheckConfig Check = new(
        new HealthProbe.Tcp(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), Bad: 3, Good: 2);

    private static readonly OutlierConfig Outlier = new(
        3, 2, 100, 0, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), 50, false);

    [Theory]
    [InlineData("G", "+")]
    [InlineData("N", "-")]
    [InlineData("GNNN", "+++-")]
    [InlineData("GNNGNNN", "++++++-")]
    [InlineData("GNNNGG", "+++--+")]
    [InlineData("GNNNGNGG", "+++----+")]
    [InlineData("GB", "+-")]
    public void Health_changes_after_as_many_answers_as_asked(string answers, string expected)
    {
        var state = HealthState.Initial;
        var seen = "";
        foreach (var answer in answers)
        {
            state = state.Step(answer switch { 'G' => HealthAnswer.Good, 'N' => HealthAnswer.None, _ => HealthAnswer.Bad }, Check);
            seen += state.Failing ? '-' : '+';
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public void An_endpoint_is_put_aside_after_errors_in_a_row_and_taken_back_after_its_time()
    {
        var set = Resources.Compile(Resources.Endpoints("c", new(IPAddress.Loopback, 1), new(IPAddress.Loopback, 2)));
        var (bad, other) = (set.Endpoints[0], set.Endpoints[1]);
        var stats = new ClusterStats();
        var detector = new OutlierDetector(Outlier, stats, () => 0);
        var now = DateTimeOffset.UnixEpoch;
        int[] statuses = [500, 500, 200, 500, 503, 503];
        Assert.Equal([false, false, false, false, false, true], statuses.Select(s => detector.Report(bad, s, set, now)));
        Assert.True(bad.State.Ejected);
        Assert.Equal(1, stats.Ejected);

        // Half of the endpoints are put aside; a second one would be too many.
        Assert.All([500, 500, 500], s => Assert.False(detector.Report(other, s, set, now)));
        Assert.Equal((1, 1), (stats.Ejections.Value, stats.EjectionOverflows.Value));

        Assert.False(detector.Sweep(set, now.AddSeconds(29)));
        Assert.True(detector.Sweep(set, now.AddSeconds(30)));
        Assert.False(bad.State.Ejected);

        // The second time it takes twice as long.
        Assert.Equal([false, false, true], Enumerable.Repeat(502, 3).Select(s => detector.Report(bad, s, set, now)));
        Assert.False(detector.Sweep(set, now.AddSeconds(59)));
        Assert.True(detector.Sweep(set, now.AddSeconds(60)));
    }

    [Theory]
    [InlineData(10u, false, false)]
    [InlineData(10u, true, true)]
    [InlineData(50u, false, true)]
    public void The_share_that_may_be_put_aside_is_that_of_Envoy(uint percent, bool alwaysOne, bool ejected)
    {
        var set = Resources.Compile(Resources.Endpoints("c", new(IPAddress.Loopback, 1), new(IPAddress.Loopback, 2)));
        var detector = new OutlierDetector(Outlier with { MaxPercent = percent, AlwaysOne = alwaysOne }, new(), () => 0);
        var reports = Enumerable.Repeat(500, 3).Select(s => detector.Report(set.Endpoints[0], s, set, default)).ToArray();
        Assert.Equal(ejected, reports[^1]);
    }

    [Fact]
    public async Task Broken_endpoints_are_put_aside_while_requests_go_on()
    {
        await using var mesh = await Mesh.StartAsync();
        var good = await mesh.ServeAsync("good");
        var bad = await mesh.ServeAsync(context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        await RouteAsync(mesh, c => c.OutlierDetection = new() { Consecutive5Xx = 2, MaxEjectionPercent = 50 }, good, bad);
        // A response is judged after its caller has it; so only the number tells when the endpoint is put aside.
        const string Ejected = "envoy_cluster_outlier_detection_ejections_active{envoy_cluster_name=\"" + Name + "\"} 1\n";
        do
        {
            await mesh.GetAsync();
        }
        while (!(await mesh.AdminAsync("/stats/prometheus")).Body.Contains(Ejected, StringComparison.Ordinal));

        for (var i = 0; i < 8; i++)
        {
            Assert.Equal((HttpStatusCode.OK, "good"), await mesh.GetAsync());
        }
    }

    [Fact]
    public async Task A_watch_that_breaks_ends_the_proxy()
    {
        await using var mesh = await Mesh.StartAsync(new BrokenClock(TimeSpan.FromSeconds(7777)));
        var cluster = Resources.Cluster("c");
        cluster.OutlierDetection = new() { Interval = new() { Seconds = 7777 } };
        mesh.Plane.Apply(cluster, Resources.Endpoints("c", new IPEndPoint(IPAddress.Loopback, 1)));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => mesh.Proxy.Completion.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal("broken", error.Message);
    }

    [Fact]
    public async Task Endpoints_are_asked_and_those_that_are_not_well_get_nothing()
    {
        await using var mesh = await Mesh.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answers = 0;
        var good = await mesh.ServeAsync(context => context.Response.WriteAsync("good"));
        var bad = await mesh.ServeAsync(context =>
        {
            if (context.Request.Path == "/health" && context.Request.Headers.UserAgent == "Envoy/HC")
            {
                context.Response.StatusCode = 500;
                // The second question comes after the first answer was counted.
                if (Interlocked.Increment(ref answers) == 2)
                {
                    asked.SetResult();
                }
            }

            return context.Response.WriteAsync("bad");
        });
        await RouteAsync(
            mesh,
            c => c.HealthChecks.Add(new HealthCheck
            {
                Interval = new() { Nanos = 10_000_000 },
                Timeout = new() { Seconds = 5 },
                UnhealthyThreshold = 1,
                HealthyThreshold = 1,
                HttpHealthCheck = new() { Path = "/health" },
            }),
            good, bad);
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal((HttpStatusCode.OK, "good"), await mesh.GetAsync());
        }
    }

    [Fact]
    public async Task Too_many_requests_overflow_as_in_Envoy()
    {
        await using var mesh = await Mesh.StartAsync();
        await RouteAsync(
            mesh,
            c => c.CircuitBreakers = new() { Thresholds = { new CircuitBreakers.Types.Thresholds { MaxRequests = 0 } } },
            await mesh.ServeAsync("x"));
        using var response = await mesh.SendAsync(new HttpRequestMessage(HttpMethod.Get, mesh.At()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(["true"], response.Headers.GetValues("x-envoy-overloaded"));
        Assert.Equal(
            "upstream connect error or disconnect/reset before headers. reset reason: overflow",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_request_waits_for_a_connection_unless_too_many_do()
    {
        await using var mesh = await Mesh.StartAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = await mesh.ServeAsync(async context =>
        {
            arrived.TrySetResult();
            await goOn.Task;
            await context.Response.WriteAsync("done");
        });
        await RouteAsync(
            mesh,
            c => c.CircuitBreakers = new()
            {
                Thresholds = { new CircuitBreakers.Types.Thresholds { MaxConnections = 1, MaxPendingRequests = 0 } },
            },
            slow);
        var first = mesh.GetAsync();
        await arrived.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await mesh.GetAsync()).Status);
        goOn.SetResult();
        Assert.Equal((HttpStatusCode.OK, "done"), await first);
    }

    private static async Task RouteAsync(Mesh mesh, Action<Cluster> change, params IPEndPoint[] endpoints)
    {
        var cluster = Resources.Cluster(Name);
        change(cluster);
        await mesh.RouteAsync(Resources.Routes("r", Resources.To(Name)));
        mesh.Plane.Apply(cluster, Resources.Endpoints(Name, endpoints));
        await mesh.UntilAsync(s => s.Clusters == 1);
    }

    /// <summary>A clock that cannot wait for one span.</summary>
    private sealed class BrokenClock(TimeSpan span) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            dueTime == span
                ? throw new InvalidOperationException("broken")
                : base.CreateTimer(callback, state, dueTime, period);
    }
}

using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.LoadStats.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Weft.Tests.Xds.Serving;
using Weft.Xds;

namespace Weft.Tests.Xds.Loads;

/// <summary>Load reports over real streams.</summary>
public sealed class LoadReportingTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    [Fact]
    public async Task B71_a_client_is_asked_for_all_clusters_every_ten_seconds()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var call = await OpenAsync(fixture, "n");
        Assert.Equal(
            new LoadStatsResponse { SendAllClusters = true, LoadReportingInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)) },
            call.ResponseStream.Current);
    }

    [Fact]
    public async Task B71_a_client_is_asked_for_what_the_settings_say()
    {
        await using var fixture = await XdsServerFixture.StartAsync(new()
        {
            LoadReports = new() { Interval = TimeSpan.FromSeconds(3), Clusters = ["a", "b"], ByEndpoint = true },
        });
        using var call = await OpenAsync(fixture, "n");
        Assert.Equal(
            new LoadStatsResponse
            {
                Clusters = { "a", "b" },
                LoadReportingInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(3)),
                ReportEndpointGranularity = true,
            },
            call.ResponseStream.Current);
    }

    [Fact]
    public async Task B71_reports_are_summed_up_and_the_last_one_is_kept()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var call = await OpenAsync(fixture, "n");
        await call.RequestStream.WriteAsync(Report(Stats("a", issued: 10, failed: 1, inProgress: 7)), Test);
        var second = Stats("a", issued: 20, failed: 2, inProgress: 3);
        second.TotalDroppedRequests = 5;
        second.DroppedRequests.Add(new ClusterStats.Types.DroppedRequests { Category = "throttle", DroppedCount = 4 });
        second.UpstreamLocalityStats[0].LoadMetricStats.Add(
            new EndpointLoadMetricStats { MetricName = "named_metrics.q", NumRequestsFinishedWithMetric = 2, TotalMetricValue = 1.5 });
        second.UpstreamLocalityStats[0].CpuUtilization = new() { NumRequestsFinishedWithMetric = 4, TotalMetricValue = 2 };
        second.UpstreamLocalityStats[0].UpstreamEndpointStats.Add(new UpstreamEndpointStats
        {
            Address = new() { SocketAddress = new() { Address = "::1", PortValue = 80 } },
            TotalIssuedRequests = 20,
        });
        await call.RequestStream.WriteAsync(Report(second), Test);

        var node = (await UntilAsync(fixture, loads => loads.Nodes["n"].Reports == 2)).Nodes["n"];
        var (cluster, loads) = Assert.Single(node.Clusters);
        Assert.Equal(new LoadCluster("a", "a.service"), cluster);
        Assert.Equal((TimeSpan.FromSeconds(20), 5), (loads.Total.Interval, loads.Total.Dropped));
        Assert.Equal(4, loads.Total.DroppedByCategory["throttle"]);
        Assert.Equal(2, loads.Last.RequestsPerSecond);
        var (locality, total) = Assert.Single(loads.Total.Localities);
        Assert.Equal((new LoadLocality("r", "z", "s", 1), "r/z/s"), (locality, locality.ToString()));
        Assert.Equal((30, 27, 3, 3), (total.Issued, total.Succeeded, total.Failed, total.InProgress));
        Assert.Equal(20, loads.Last.Localities[locality].Issued);
        Assert.Equal(new MetricLoad(2, 1.5), total.Metrics["named_metrics.q"]);
        Assert.Equal(new MetricLoad(4, 2), total.Metrics["cpu_utilization"]);
        Assert.Equal(20, total.Endpoints["[::1]:80"].Issued);
    }

    [Fact]
    public async Task What_two_streams_of_one_node_report_is_added_up_and_a_node_that_comes_back_goes_on()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var first = await OpenAsync(fixture, "n");
            using var second = await OpenAsync(fixture, "n");
            await first.RequestStream.WriteAsync(Report(Stats("a", issued: 1)), Test);
            await second.RequestStream.WriteAsync(Report(Stats("a", issued: 1)), Test);
            await first.RequestStream.CompleteAsync();
            await second.RequestStream.CompleteAsync();
            Assert.False(await first.ResponseStream.MoveNext(Test));
            Assert.False(await second.ResponseStream.MoveNext(Test));
        }

        var node = fixture.Server.Loads.Value.Nodes["n"];
        Assert.Equal(4, Assert.Single(Assert.Single(node.Clusters).Value.Total.Localities).Value.Issued);
        Assert.NotNull(node.DisconnectedAt);
    }

    [Fact]
    public async Task A_node_that_has_gone_is_forgotten_when_its_time_is_over()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await XdsServerFixture.StartAsync(time: time);
        using (var call = await OpenAsync(fixture, "n"))
        {
            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext(Test));
        }

        Assert.NotNull(fixture.Server.Loads.Value.Nodes["n"].DisconnectedAt);
        time.Advance(fixture.Server.Settings.KeepDisconnected - TimeSpan.FromSeconds(1));
        Assert.NotEmpty(fixture.Server.Loads.Value.Nodes);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(fixture.Server.Loads.Value.Nodes);
    }

    [Fact]
    public async Task A_cluster_that_is_not_reported_any_more_is_forgotten_when_its_time_is_over()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await XdsServerFixture.StartAsync(time: time);
        using var call = await OpenAsync(fixture, "n");
        await call.RequestStream.WriteAsync(Report(Stats("gone", 1), Stats("a", 1)), Test);
        await UntilAsync(fixture, loads => loads.Nodes["n"].Reports == 1);
        time.Advance(fixture.Server.Settings.KeepDisconnected + TimeSpan.FromSeconds(1));
        await call.RequestStream.WriteAsync(Report(Stats("a", 1)), Test);
        var node = (await UntilAsync(fixture, loads => loads.Nodes["n"].Reports == 2)).Nodes["n"];
        var (cluster, loads) = Assert.Single(node.Clusters);
        Assert.Equal(("a", 2), (cluster.Name, loads.Total.Localities.Values.Single().Issued));
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams_also_of_clients_that_have_said_nothing()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var silent = Lrs(fixture).StreamLoadStats(cancellationToken: Test);
        using var call = await OpenAsync(fixture, "n");
        await fixture.StopAsync();
        Assert.NotNull(fixture.Server.Loads.Value.Nodes["n"].DisconnectedAt);
    }

    [Fact]
    public async Task Where_the_settings_want_no_loads_the_service_is_not_there()
    {
        await using var fixture = await XdsServerFixture.StartAsync(new() { LoadReports = null });
        using var call = Lrs(fixture).StreamLoadStats(cancellationToken: Test);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Test));
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    internal static LoadReportingService.LoadReportingServiceClient Lrs(XdsServerFixture fixture) => new(fixture.Channel);

    /// <summary>A stream whose node is known and that has been told what to report.</summary>
    internal static async Task<AsyncDuplexStreamingCall<LoadStatsRequest, LoadStatsResponse>> OpenAsync(
        XdsServerFixture fixture, string node)
    {
        var call = Lrs(fixture).StreamLoadStats(cancellationToken: Test);
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node(node) }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        return call;
    }

    internal static async Task<LoadSnapshot> UntilAsync(XdsServerFixture fixture, Predicate<LoadSnapshot> isIt)
    {
        await foreach (var loads in fixture.Server.Loads.WatchAsync(Test))
        {
            if (isIt(loads))
            {
                return loads;
            }
        }

        throw new InvalidOperationException("It is watched for ever.");
    }

    internal static LoadStatsRequest Report(params IEnumerable<ClusterStats> clusters) => new() { ClusterStats = { clusters } };

    internal static ClusterStats Stats(string cluster, ulong issued, ulong failed = 0, ulong inProgress = 0) => new()
    {
        ClusterName = cluster,
        ClusterServiceName = $"{cluster}.service",
        LoadReportInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)),
        UpstreamLocalityStats =
        {
            new UpstreamLocalityStats
            {
                Locality = new Locality { Region = "r", Zone = "z", SubZone = "s" },
                Priority = 1,
                TotalIssuedRequests = issued,
                TotalSuccessfulRequests = issued - failed,
                TotalErrorRequests = failed,
                TotalRequestsInProgress = inProgress,
            },
        },
    };
}

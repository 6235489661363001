using Envoy.Config.Endpoint.V3;
using Envoy.Service.LoadStats.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Weft.Tests.Xds.Serving;
using Weft.Xds;
using Weft.Xds.Loads;
using static Weft.Tests.Xds.Loads.LoadReportingTests;

namespace Weft.Tests.Xds.Loads;

/// <summary>Clients that report what cannot be, or too much.</summary>
public sealed class HostileReportTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    public static TheoryData<string, Action<ClusterStats>> Absurd => new()
    {
        { "cluster_name", s => s.ClusterName = "" },
        { "cluster_name", s => s.ClusterName = new string('x', LoadReading.LongestName + 1) },
        { "load_report_interval", s => s.LoadReportInterval = new Duration { Seconds = -1 } },
        { "load_report_interval", s => s.LoadReportInterval = new Duration { Seconds = long.MaxValue, Nanos = int.MinValue } },
        { "total_dropped_requests", s => s.TotalDroppedRequests = ulong.MaxValue },
        { "total_issued_requests", s => s.UpstreamLocalityStats[0].TotalIssuedRequests = (ulong)LoadReading.MostCount + 1 },
        { "total_successful_requests", s => s.UpstreamLocalityStats[0].TotalSuccessfulRequests = unchecked((ulong)-1L) },
        { "total_metric_value", s => s.UpstreamLocalityStats[0].MemUtilization = new() { TotalMetricValue = double.NaN } },
        { "category", s => s.DroppedRequests.Add(new ClusterStats.Types.DroppedRequests { Category = new string('x', 1000) }) },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public async Task A_report_that_cannot_be_ends_the_stream_with_invalid_argument_and_changes_nothing(
        string field, Action<ClusterStats> spoil)
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var call = await OpenAsync(fixture, "n");
        var stats = Stats("a", 1);
        spoil(stats);
        await call.RequestStream.WriteAsync(Report(Stats("b", 1), stats), Test);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Test));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(field, error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(fixture.Server.Loads.Value.Nodes["n"].Clusters);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_client_that_does_not_say_who_it_is_is_refused(string? id)
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var call = Lrs(fixture).StreamLoadStats(cancellationToken: Test);
        await call.RequestStream.WriteAsync(
            id is null ? new LoadStatsRequest() : new LoadStatsRequest { Node = XdsServerFixture.Node(id) }, Test);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Test));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Empty(fixture.Server.Loads.Value.Nodes);
    }

    [Fact]
    public async Task What_a_node_reports_above_its_share_is_passed_over_and_counted()
    {
        // A node, and for each cluster itself and its locality.
        await using var fixture = await StartAsync(new() { MostPartsOfNode = 1 + (2 * 2) });
        using var call = await OpenAsync(fixture, "n");
        await call.RequestStream.WriteAsync(Report(Stats("a", 1), Stats("b", 1)), Test);
        await call.RequestStream.WriteAsync(Report(Enumerable.Range(0, 100).Select(i => Stats($"{i}", 1)).Append(Stats("a", 1))), Test);
        var loads = await UntilAsync(fixture, l => l.Nodes["n"].Reports == 2);
        Assert.Equal(100, loads.Nodes["n"].PassedOver);
        Assert.Equal(["a", "b"], loads.Nodes["n"].Clusters.Keys.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, loads.Nodes["n"].Clusters[new("a", "a.service")].Total.Localities.Values.Single().Issued);
    }

    [Fact]
    public async Task Endpoints_that_come_and_go_make_room_for_those_that_are_there()
    {
        await using var fixture = await StartAsync(new() { MostPartsOfNode = 4 });
        using var call = await OpenAsync(fixture, "n");
        for (uint i = 1; i <= 3; i++)
        {
            var stats = Stats("a", 1);
            stats.UpstreamLocalityStats[0].UpstreamEndpointStats.Add(new UpstreamEndpointStats
            {
                Address = new() { SocketAddress = new() { Address = "10.0.0.1", PortValue = i } },
                TotalIssuedRequests = 1,
            });
            await call.RequestStream.WriteAsync(Report(stats), Test);
        }

        var node = (await UntilAsync(fixture, l => l.Nodes["n"].Reports == 3)).Nodes["n"];
        var total = Assert.Single(Assert.Single(node.Clusters).Value.Total.Localities).Value;
        Assert.Equal((3, 0), (total.Issued, node.PassedOver));
        Assert.Equal(["10.0.0.1:3"], total.Endpoints.Keys);
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(100, 1)]
    public async Task A_node_too_many_is_refused_unless_one_that_has_gone_makes_room(int parts, int nodes)
    {
        await using var fixture = await StartAsync(new() { MostParts = parts, MostNodes = nodes });
        using (var first = await OpenAsync(fixture, "1"))
        {
            using var second = Lrs(fixture).StreamLoadStats(cancellationToken: Test);
            await second.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("2") }, Test);
            var error = await Assert.ThrowsAsync<RpcException>(() => second.ResponseStream.MoveNext(Test));
            Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
            await first.RequestStream.CompleteAsync();
            Assert.False(await first.ResponseStream.MoveNext(Test));
        }

        using var third = await OpenAsync(fixture, "3");
        Assert.Equal(["3"], fixture.Server.Loads.Value.Nodes.Keys);
    }

    [Fact]
    public void Sums_do_not_turn_over()
    {
        var most = new RequestLoad(long.MaxValue, 0, 0, 0) { Metrics = Metric(double.MaxValue) };
        var sum = most.Plus(most);
        Assert.Equal((long.MaxValue, double.MaxValue), (sum.Issued, sum.Metrics["m"].Total));
        static System.Collections.Immutable.ImmutableDictionary<string, MetricLoad> Metric(double value) =>
            System.Collections.Immutable.ImmutableDictionary<string, MetricLoad>.Empty.Add("m", new(1, value));
    }

    private static Task<XdsServerFixture> StartAsync(LoadReportSettings settings) =>
        XdsServerFixture.StartAsync(new() { LoadReports = settings });
}

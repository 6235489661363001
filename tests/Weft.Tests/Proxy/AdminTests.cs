using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Proxy;
using Weft.Proxy.Stats;

namespace Weft.Tests.Proxy;

public sealed class AdminTests
{
    private const string ClusterName = "outbound|9080||reviews.shop.svc.cluster.local";

    [Fact]
    public async Task Ready_means_that_the_first_configuration_is_warm()
    {
        await using var mesh = await Mesh.StartAsync(down: true);
        await mesh.UntilAsync(s => s.Xds.LastError is not null);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "INITIALIZING\n"), await mesh.AdminAsync("/ready"));
        mesh.Plane.Apply(Resources.Listener("l", "r"), Resources.Routes("r"));
        mesh.Plane.ComeBack();
        await mesh.UntilAsync(s => s.Ready);
        Assert.Equal((HttpStatusCode.OK, "LIVE\n"), await mesh.AdminAsync("/ready"));

        // It stays ready when the control plane goes.
        mesh.Plane.GoDown();
        await mesh.UntilAsync(s => !s.Connected);
        Assert.Equal((HttpStatusCode.OK, "LIVE\n"), await mesh.AdminAsync("/ready"));
    }

    [Fact]
    public async Task Metrics_have_Envoys_names_and_labels()
    {
        await using var mesh = await Mesh.StartAsync();
        var service = await mesh.ServeAsync("x");
        await mesh.RouteAsync(Resources.Routes("r", Resources.To(ClusterName)), (ClusterName, service));
        await mesh.GetAsync();
        // The caller may have its answer a moment before the request is over for the proxy; a second request on the
        // same connection begins after that.
        await mesh.GetAsync();

        var (_, text) = await mesh.AdminAsync("/stats/prometheus");
        var label = $"envoy_cluster_name=\"{ClusterName}\"";
        var lines = text.Split('\n');
        Assert.Contains($"envoy_cluster_upstream_rq_total{{{label}}} 2", lines);
        Assert.Contains(lines, l => l.StartsWith($"envoy_cluster_upstream_rq_xx{{envoy_response_code_class=\"2\",{label}}}", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith($"envoy_cluster_upstream_rq{{envoy_response_code=\"200\",{label}}}", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith($"envoy_cluster_upstream_rq_time_bucket{{{label},le=\"0.5\"}}", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith($"envoy_cluster_upstream_rq_time_bucket{{{label},le=\"3600000\"}}", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith($"envoy_cluster_upstream_rq_time_bucket{{{label},le=\"+Inf\"}}", StringComparison.Ordinal));
        Assert.Contains($"envoy_cluster_membership_total{{{label}}} 1", lines);
        Assert.Contains($"envoy_cluster_membership_healthy{{{label}}} 1", lines);
        Assert.Contains("envoy_http_downstream_rq_total{envoy_http_conn_manager_prefix=\"outbound\"} 2", lines);
        Assert.Contains(lines, l => l.StartsWith("envoy_http_downstream_rq_xx{envoy_response_code_class=\"2\",envoy_http_conn_manager_prefix=\"outbound\"}", StringComparison.Ordinal));
        Assert.Contains("envoy_cluster_manager_warming_clusters{} 0", lines);
        Assert.Contains("envoy_control_plane_connected_state{} 1", lines);
        Assert.Contains($"# TYPE envoy_cluster_upstream_rq_time histogram", lines);
    }

    [Fact]
    public async Task The_config_dump_has_Envoys_shape()
    {
        await using var mesh = await Mesh.StartAsync();
        var service = await mesh.ServeAsync("x");
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c")), ("c", service));
        using var dump = JsonDocument.Parse((await mesh.AdminAsync("/config_dump")).Body);
        var configs = dump.RootElement.GetProperty("configs").EnumerateArray()
            .ToDictionary(c => c.GetProperty("@type").GetString()!.Split('.')[^1]);
        var cluster = configs["ClustersConfigDump"].GetProperty("dynamic_active_clusters")[0];
        Assert.Equal("1", cluster.GetProperty("version_info").GetString());
        Assert.Equal("c", cluster.GetProperty("cluster").GetProperty("name").GetString());
        var listener = configs["ListenersConfigDump"].GetProperty("dynamic_listeners")[0];
        Assert.Equal("l", listener.GetProperty("active_state").GetProperty("listener").GetProperty("name").GetString());
        Assert.Equal(
            "r",
            configs["RoutesConfigDump"].GetProperty("dynamic_route_configs")[0].GetProperty("route_config").GetProperty("name").GetString());
        Assert.Equal(
            "c",
            configs["EndpointsConfigDump"].GetProperty("dynamic_endpoint_configs")[0].GetProperty("endpoint_config").GetProperty("cluster_name").GetString());
    }

    [Fact]
    public async Task The_admin_pages_are_for_this_machine_only()
    {
        var settings = new ProxySettings("n", "c", new Uri("http://127.0.0.1:1"), new(IPAddress.Any, 0));
        await Assert.ThrowsAsync<ArgumentException>(
            () => ProxyHost.StartAsync(settings, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_histogram_counts_up_to_each_bound()
    {
        var histogram = new Histogram();
        histogram.Add(TimeSpan.FromMilliseconds(0.5));
        histogram.Add(TimeSpan.FromMilliseconds(0.6));
        histogram.Add(TimeSpan.FromHours(2));
        var counts = histogram.Cumulative();
        Assert.Equal((1, 2, 2, 3), (counts[0], counts[1], counts[^2], counts[^1]));
        Assert.Equal(7_200_001.1, histogram.Sum, 0.001);
    }

    [Fact]
    public void Odd_statuses_are_counted_as_their_nearest()
    {
        var counts = new ResponseCounts();
        counts.Add(200);
        counts.Add(204);
        counts.Add(999);
        counts.Add(0);
        Assert.Equal([(1, 1), (2, 2), (5, 1)], counts.ByClass());
    }
}

using System.Collections.Immutable;
using Weft.Up;

namespace Weft.Tests.Up;

public sealed class TrafficTests
{
    private static readonly Uri A = new("http://127.0.0.1:1/");
    private static readonly Uri B = new("http://127.0.0.1:2/");

    [Fact]
    public void Counters_are_read_from_Envoys_page_by_cluster_and_class()
    {
        var counts = ClusterCounters.Parse("""
            # TYPE envoy_cluster_upstream_rq_xx counter
            envoy_cluster_upstream_rq_xx{envoy_response_code_class="2",envoy_cluster_name="outbound|80||a.default.svc.cluster.local"} 38
            envoy_cluster_upstream_rq_xx{envoy_response_code_class="5",envoy_cluster_name="outbound|80||a.default.svc.cluster.local"} 2
            envoy_cluster_upstream_rq_xx{envoy_cluster_name="b",envoy_response_code_class="4"} 1e3
            envoy_cluster_upstream_rq_total{envoy_cluster_name="b"} 5
            envoy_cluster_upstream_rq_xx{envoy_cluster_name="broken
            envoy_cluster_upstream_rq_xx{envoy_cluster_name="c"} x
            """);
        Assert.Equal(new ClusterCount(40, 2), counts["outbound|80||a.default.svc.cluster.local"]);
        Assert.Equal(new ClusterCount(1000, 0), counts["b"]);
        Assert.Equal(2, counts.Count);
    }

    [Fact]
    public void A_rate_is_the_difference_over_the_window_summed_over_proxies()
    {
        var traffic = new Traffic(TimeSpan.FromSeconds(2));
        Assert.Empty(traffic.Next(TimeSpan.Zero, Reading((A, 100), (B, 0))));
        traffic.Next(TimeSpan.FromSeconds(1), Reading((A, 110), (B, 0)));
        var rates = traffic.Next(TimeSpan.FromSeconds(2), Reading((A, 120), (B, 20)));
        Assert.Equal(20, rates["c"].Requests);
        // The first reading is now out of the window.
        rates = traffic.Next(TimeSpan.FromSeconds(3), Reading((A, 120), (B, 20)));
        Assert.Equal(15, rates["c"].Requests);
    }

    [Fact]
    public void A_proxy_that_started_anew_counts_from_zero()
    {
        var traffic = new Traffic(TimeSpan.FromSeconds(2));
        traffic.Next(TimeSpan.Zero, Reading((A, 100)));
        Assert.Equal(5, traffic.Next(TimeSpan.FromSeconds(1), Reading((A, 5)))["c"].Requests);
    }

    private static ImmutableDictionary<Uri, ImmutableDictionary<string, ClusterCount>> Reading(params (Uri Proxy, double Requests)[] counts) =>
        counts.ToImmutableDictionary(
            c => c.Proxy, c => ImmutableDictionary<string, ClusterCount>.Empty.Add("c", new ClusterCount(c.Requests, 0)));
}

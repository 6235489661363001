using System.Collections.Frozen;
using System.Globalization;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Filters;
using Weft.Proxy.Stats;
using Weft.Proxy.Upstream;
using Weft.Xds;

namespace Weft.Proxy.Admin;

/// <summary>The numbers with Envoy's names and labels, in the text format of Prometheus.</summary>
internal static class PrometheusPage
{
    public static string Write(
        ProxyStatus status, FrozenDictionary<string, UpstreamCluster> clusters, ProxyStats stats)
    {
        var text = new PrometheusText();
        WriteServer(text, status);
        WriteClusters(text, [.. stats.Clusters.OrderBy(c => c.Key, StringComparer.Ordinal)]);
        WriteMembership(text, [.. clusters.Values.OrderBy(c => c.Config.StatName, StringComparer.Ordinal)]);
        WriteHttp(text, [.. stats.Http.OrderBy(c => c.Key, StringComparer.Ordinal)]);
        WriteTcp(text, [.. stats.Tcp.OrderBy(c => c.Key, StringComparer.Ordinal)]);
        WriteListeners(text, [.. stats.Listeners.OrderBy(c => c.Key, StringComparer.Ordinal)]);
        WriteRateLimits(text, [.. stats.RateLimits.OrderBy(c => c.Key, StringComparer.Ordinal)]);
        WriteFilters(text, [.. stats.FilterMetrics.OrderBy(m => m.Name, StringComparer.Ordinal)]);
        WriteLogs(text, [.. stats.Logs.OrderBy(c => c.Key, StringComparer.Ordinal)]);
        return text.ToString();
    }

    /// <summary>As Envoy shows what plugins count: without a prefix.</summary>
    private static void WriteFilters(PrometheusText text, HttpFilterMetric[] metrics)
    {
        foreach (var metric in metrics)
        {
            var name = string.Concat(metric.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':' ? c : '_'));
            name = name.Length == 0 || char.IsAsciiDigit(name[0]) ? $"_{name}" : name;
            if (metric.Kind != HttpFilterMetricKind.Histogram)
            {
                text.Family(name, metric.Kind == HttpFilterMetricKind.Gauge ? "gauge" : "counter");
                text.Sample(name, metric.Value);
                continue;
            }

            text.Family(name, "summary");
            text.Sample($"{name}_sum", metric.Value);
            text.Sample($"{name}_count", metric.Count);
        }
    }

    private static void WriteRateLimits(PrometheusText text, KeyValuePair<string, RateLimitStats>[] limits)
    {
        Counter("envoy_http_local_rate_limit_enabled", s => s.Enabled);
        Counter("envoy_http_local_rate_limit_ok", s => s.Ok);
        Counter("envoy_http_local_rate_limit_rate_limited", s => s.Limited);
        Counter("envoy_http_local_rate_limit_enforced", s => s.Enforced);

        void Counter(string metric, Func<RateLimitStats, Counter> counter)
        {
            text.Family(metric, "counter");
            foreach (var (prefix, s) in limits)
            {
                text.Sample(metric, counter(s).Value, ("envoy_local_http_ratelimit_prefix", prefix));
            }
        }
    }

    private static void WriteTcp(PrometheusText text, KeyValuePair<string, TcpStats>[] proxies)
    {
        Values("envoy_tcp_downstream_cx_total", "counter", s => s.Connections);
        Values("envoy_tcp_downstream_cx_active", "gauge", s => s.Active);
        Values("envoy_tcp_downstream_cx_no_route", "counter", s => s.NoRoute);
        Values("envoy_tcp_downstream_cx_rx_bytes_total", "counter", s => s.Received);
        Values("envoy_tcp_downstream_cx_tx_bytes_total", "counter", s => s.Sent);
        Values("envoy_tcp_idle_timeout", "counter", s => s.IdleTimeouts);

        void Values(string metric, string type, Func<TcpStats, Counter> value)
        {
            text.Family(metric, type);
            foreach (var (prefix, s) in proxies)
            {
                text.Sample(metric, value(s).Value, ("envoy_tcp_prefix", prefix));
            }
        }
    }

    private static void WriteListeners(PrometheusText text, KeyValuePair<string, ListenerStats>[] listeners)
    {
        Counter("envoy_listener_downstream_cx_total", s => s.Connections);
        Counter("envoy_listener_no_filter_chain_match", s => s.NoChain);
        Counter("envoy_listener_ssl_handshake", s => s.Handshakes);
        Counter("envoy_listener_ssl_connection_error", s => s.HandshakeErrors);

        void Counter(string metric, Func<ListenerStats, Counter> counter)
        {
            text.Family(metric, "counter");
            foreach (var (name, s) in listeners)
            {
                text.Sample(metric, counter(s).Value, ("envoy_listener_address", name));
            }
        }
    }

    private static void WriteLogs(PrometheusText text, KeyValuePair<string, LogStats>[] logs)
    {
        Counter("weft_proxy_access_log_written", s => s.Written);
        Counter("weft_proxy_access_log_dropped", s => s.Dropped);

        void Counter(string metric, Func<LogStats, Counter> counter)
        {
            text.Family(metric, "counter");
            foreach (var (target, s) in logs)
            {
                text.Sample(metric, counter(s).Value, ("target", target));
            }
        }
    }

    private static void WriteServer(PrometheusText text, ProxyStatus status)
    {
        var cds = status.Xds[TypeUrl.Cluster];
        var lds = status.Xds[TypeUrl.Listener];
        text.Gauge("envoy_server_live", status.Ready ? 1 : 0);
        text.Gauge("envoy_control_plane_connected_state", status.Connected ? 1 : 0);
        text.Gauge("envoy_cluster_manager_active_clusters", status.Clusters);
        text.Gauge("envoy_cluster_manager_warming_clusters", status.WarmingClusters.Count);
        text.Counter("envoy_cluster_manager_cds_update_success", cds.ResponsesAccepted);
        text.Counter("envoy_cluster_manager_cds_update_rejected", cds.ResponsesRejected);
        text.Gauge("envoy_listener_manager_total_listeners_active", status.Listeners.Length);
        text.Gauge("envoy_listener_manager_total_listeners_warming", status.WarmingListeners.Count);
        text.Counter("envoy_listener_manager_lds_update_success", lds.ResponsesAccepted);
        text.Counter("envoy_listener_manager_lds_update_rejected", lds.ResponsesRejected);
    }

    private static void WriteClusters(PrometheusText text, KeyValuePair<string, ClusterStats>[] clusters)
    {
        Counter("envoy_cluster_upstream_rq_total", s => s.Requests);
        Counter("envoy_cluster_upstream_rq_retry", s => s.Retries);
        Counter("envoy_cluster_upstream_rq_retry_success", s => s.RetrySuccesses);
        Counter("envoy_cluster_upstream_rq_retry_limit_exceeded", s => s.RetriesExhausted);
        Counter("envoy_cluster_upstream_rq_retry_overflow", s => s.RetryOverflows);
        Counter("envoy_cluster_retry_or_shadow_abandoned", s => s.BodiesTooLarge);
        Counter("weft_proxy_shadow_overflow", s => s.ShadowOverflows);
        Counter("envoy_cluster_upstream_rq_per_try_timeout", s => s.TryTimeouts);
        Counter("envoy_cluster_upstream_rq_timeout", s => s.Timeouts);
        Counter("envoy_cluster_upstream_rq_cancelled", s => s.Cancelled);
        Counter("envoy_cluster_upstream_rq_active_overflow", s => s.Overflows);
        Counter("envoy_cluster_upstream_rq_pending_overflow", s => s.PendingOverflows);
        Counter("envoy_cluster_outlier_detection_ejections_enforced_total", s => s.Ejections);
        Counter("envoy_cluster_outlier_detection_ejections_overflow", s => s.EjectionOverflows);
        Counter("envoy_cluster_health_check_success", s => s.ChecksPassed);
        Counter("envoy_cluster_health_check_failure", s => s.ChecksFailed);
        Counter("envoy_cluster_health_check_network_failure", s => s.ChecksUnanswered);
        Counter("envoy_cluster_upstream_cx_total", s => s.Connects);
        Counter("envoy_cluster_upstream_cx_connect_fail", s => s.ConnectFailures);
        Counter("envoy_cluster_upstream_cx_overflow", s => s.ConnectionOverflows);
        Counter("envoy_cluster_upstream_cx_none_healthy", s => s.NoneHealthy);
        text.Family("envoy_cluster_upstream_rq_active", "gauge");
        foreach (var (name, s) in clusters)
        {
            text.Sample("envoy_cluster_upstream_rq_active", s.Active.Value, ("envoy_cluster_name", name));
        }

        text.Family("envoy_cluster_outlier_detection_ejections_active", "gauge");
        foreach (var (name, s) in clusters)
        {
            text.Sample("envoy_cluster_outlier_detection_ejections_active", s.Ejected, ("envoy_cluster_name", name));
        }

        text.Family("envoy_cluster_upstream_rq_xx", "counter");
        foreach (var (name, s) in clusters)
        {
            WriteClasses(text, "envoy_cluster_upstream_rq_xx", s.Responses, ("envoy_cluster_name", name));
        }

        text.Family("envoy_cluster_upstream_rq", "counter");
        foreach (var (name, s) in clusters)
        {
            foreach (var (code, count) in s.Responses.ByStatus())
            {
                text.Sample(
                    "envoy_cluster_upstream_rq", count,
                    ("envoy_response_code", code.ToString(CultureInfo.InvariantCulture)), ("envoy_cluster_name", name));
            }
        }

        text.Family("envoy_cluster_upstream_rq_time", "histogram");
        foreach (var (name, s) in clusters)
        {
            WriteHistogram(text, "envoy_cluster_upstream_rq_time", s.Times, name);
        }

        void Counter(string metric, Func<ClusterStats, Counter> counter)
        {
            text.Family(metric, "counter");
            foreach (var (name, s) in clusters)
            {
                text.Sample(metric, counter(s).Value, ("envoy_cluster_name", name));
            }
        }
    }

    private static void WriteHistogram(PrometheusText text, string metric, Histogram histogram, string cluster)
    {
        var counts = histogram.Cumulative();
        for (var i = 0; i < counts.Length; i++)
        {
            var bound = i < Histogram.Bounds.Length
                ? Histogram.Bounds[i].ToString(CultureInfo.InvariantCulture)
                : "+Inf";
            text.Sample($"{metric}_bucket", counts[i], ("envoy_cluster_name", cluster), ("le", bound));
        }

        text.Sample($"{metric}_sum", histogram.Sum, ("envoy_cluster_name", cluster));
        text.Sample($"{metric}_count", counts[^1], ("envoy_cluster_name", cluster));
    }

    private static void WriteMembership(PrometheusText text, UpstreamCluster[] clusters)
    {
        text.Family("envoy_cluster_membership_total", "gauge");
        foreach (var cluster in clusters)
        {
            text.Sample(
                "envoy_cluster_membership_total", cluster.Endpoints.Endpoints.Length,
                ("envoy_cluster_name", cluster.Config.StatName));
        }

        text.Family("envoy_cluster_membership_healthy", "gauge");
        foreach (var cluster in clusters)
        {
            text.Sample(
                "envoy_cluster_membership_healthy", cluster.Endpoints.HealthyCount,
                ("envoy_cluster_name", cluster.Config.StatName));
        }
    }

    private static void WriteHttp(PrometheusText text, KeyValuePair<string, HttpStats>[] managers)
    {
        const string Label = "envoy_http_conn_manager_prefix";
        Values("envoy_http_downstream_rq_total", "counter", s => s.Requests);
        Values("envoy_http_downstream_rq_active", "gauge", s => s.Active);
        Values("envoy_http_no_route", "counter", s => s.NoRoute);
        Values("envoy_http_no_cluster", "counter", s => s.NoCluster);
        text.Family("envoy_http_downstream_rq_xx", "counter");
        foreach (var (prefix, s) in managers)
        {
            WriteClasses(text, "envoy_http_downstream_rq_xx", s.Responses, (Label, prefix));
        }

        void Values(string metric, string type, Func<HttpStats, Counter> value)
        {
            text.Family(metric, type);
            foreach (var (prefix, s) in managers)
            {
                text.Sample(metric, value(s).Value, (Label, prefix));
            }
        }
    }

    private static void WriteClasses(
        PrometheusText text, string metric, ResponseCounts counts, (string, string) label)
    {
        foreach (var (statusClass, count) in counts.ByClass())
        {
            text.Sample(
                metric, count,
                ("envoy_response_code_class", statusClass.ToString(CultureInfo.InvariantCulture)), label);
        }
    }
}

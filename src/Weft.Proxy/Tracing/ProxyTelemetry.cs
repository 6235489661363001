using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Weft.Proxy.Filters;
using Weft.Proxy.Stats;

namespace Weft.Proxy.Tracing;

/// <summary>
/// The meter <c>Weft.Proxy</c>. Its counters are the statistics of all proxies of the process, read when somebody asks;
/// only durations are told request by request, and only where somebody listens.
/// </summary>
internal static class ProxyTelemetry
{
    public const string Name = "Weft.Proxy";

    /// <summary>On every span and number: which proxy tells it, by its node id.</summary>
    public const string Node = "weft.node";

    private const string Listener = "weft.listener";
    private const string Cluster = "weft.upstream.cluster";

    /// <summary>Those of OpenTelemetry's conventions for durations of HTTP, in seconds.</summary>
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    /// <summary>The proxies that are shown, and their node ids.</summary>
    internal static readonly ConcurrentDictionary<ProxyStats, string> Proxies = new(ReferenceEqualityComparer.Instance);

    internal static readonly Meter Meter = new(Name);

    public static Histogram<double> ServerDuration { get; } = Meter.CreateHistogram(
        "http.server.request.duration", "s", "From a request's coming to the end of its response.", null, Durations);

    public static Histogram<double> ClientDuration { get; } = Meter.CreateHistogram(
        "http.client.request.duration", "s", "From the sending of a try to the end of its response.", null, Durations);

    static ProxyTelemetry()
    {
        Http("weft.proxy.requests", "{request}", "Requests of callers.", s => s.Requests);
        Http("weft.proxy.no_route", "{request}", "Requests without a route.", s => s.NoRoute);
        Http("weft.proxy.no_cluster", "{request}",
            "Requests whose route names a cluster that is not there.", s => s.NoCluster);
        Http("weft.proxy.errors", "{request}", "Requests that ended in an error of the proxy itself.", s => s.Errors);
        Meter.CreateObservableUpDownCounter(
            "weft.proxy.active_requests", () => Of(s => s.Http, Listener, s => s.Active.Value), "{request}",
            "Requests of callers that are under way.");
        Meter.CreateObservableCounter(
            "weft.proxy.responses", () => ByStatus(s => s.Http, Listener, s => s.Responses), "{response}",
            "Responses to callers.");
        Upstream("requests", "{request}", "Requests sent, each try counted.", s => s.Requests);
        Upstream("retries", "{request}", "Tries after the first.", s => s.Retries);
        Upstream("retries.exhausted", "{request}",
            "Requests that failed as often as they may be tried.", s => s.RetriesExhausted);
        Upstream("timeouts", "{request}", "Requests whose time was over.", s => s.Timeouts);
        Upstream("try_timeouts", "{request}", "Tries whose time was over.", s => s.TryTimeouts);
        Upstream("cancelled", "{request}", "Requests whose caller went away.", s => s.Cancelled);
        Upstream("none_healthy", "{request}", "Requests without a healthy endpoint.", s => s.NoneHealthy);
        Upstream("overflows", "{request}", "Requests not sent because too many were under way.", s => s.Overflows);
        Upstream("pending_overflows", "{request}",
            "Requests not sent because too many waited.", s => s.PendingOverflows);
        Upstream("bodies_too_large", "{request}",
            "Requests too large to be kept for a retry or a copy.", s => s.BodiesTooLarge);
        Upstream("ejections", "{ejection}", "Endpoints put aside.", s => s.Ejections);
        Upstream("connections", "{connection}", "Connections opened.", s => s.Connects);
        Upstream("connection_failures", "{connection}",
            "Connections that could not be opened.", s => s.ConnectFailures);
        Meter.CreateObservableUpDownCounter(
            "weft.proxy.upstream.active_requests", () => Of(s => s.Clusters, Cluster, s => s.Active.Value), "{request}",
            "Tries that are under way.");
        Meter.CreateObservableCounter(
            "weft.proxy.upstream.responses", () => ByStatus(s => s.Clusters, Cluster, s => s.Responses), "{response}",
            "Responses of clusters, also those that the proxy gave in their stead.");
        Meter.CreateObservableCounter(
            "weft.proxy.rate_limited",
            () => Of(s => s.RateLimits, "weft.rate_limit", (RateLimitStats s) => s.Limited.Value),
            "{request}", "Requests above a local rate limit.");
    }

    /// <summary>Tells the numbers of a proxy until it is disposed of.</summary>
    public static IDisposable Show(ProxyStats stats, string node)
    {
        Proxies[stats] = node;
        return new Hiding(stats);
    }

    private static void Http(string name, string unit, string description, Func<HttpStats, Counter> counter) =>
        Meter.CreateObservableCounter(name, () => Of(s => s.Http, Listener, s => counter(s).Value), unit, description);

    private static void Upstream(string name, string unit, string description, Func<ClusterStats, Counter> counter) =>
        Meter.CreateObservableCounter(
            $"weft.proxy.upstream.{name}", () => Of(s => s.Clusters, Cluster, s => counter(s).Value),
            unit, description);

    private static IEnumerable<Measurement<long>> Of<T>(
        Func<ProxyStats, IEnumerable<KeyValuePair<string, T>>> parts, string tag, Func<T, long> value) =>
        from proxy in Proxies
        from part in parts(proxy.Key)
        select new Measurement<long>(value(part.Value), new(Node, proxy.Value), new(tag, part.Key));

    private static IEnumerable<Measurement<long>> ByStatus<T>(
        Func<ProxyStats, IEnumerable<KeyValuePair<string, T>>> parts, string tag, Func<T, ResponseCounts> counts) =>
        from proxy in Proxies
        from part in parts(proxy.Key)
        from one in counts(part.Value).ByStatus()
        select new Measurement<long>(
            one.Count, new(Node, proxy.Value), new(tag, part.Key), new("http.response.status_code", one.Status));

    private sealed class Hiding(ProxyStats stats) : IDisposable
    {
        public void Dispose() => Proxies.TryRemove(stats, out _);
    }
}

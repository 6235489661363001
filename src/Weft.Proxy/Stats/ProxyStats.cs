using System.Collections.Concurrent;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Filters;
using Weft.Proxy.Tracing;

namespace Weft.Proxy.Stats;

/// <summary>The numbers of one proxy.</summary>
internal sealed class ProxyStats
{
    private const int MostFilterMetrics = 10_000;

    private readonly ConcurrentDictionary<string, ClusterStats> _clusters = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HttpStats> _http = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, TcpStats> _tcp = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, ListenerStats> _listeners = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, LogStats> _logs = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, RateLimitStats> _limits = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<(HttpFilterMetricKind Kind, string Name), HttpFilterMetric> _filters = new();

    /// <summary>What filters count of their own.</summary>
    public IEnumerable<HttpFilterMetric> FilterMetrics => _filters.Values;

    /// <summary>By stat prefix.</summary>
    public IEnumerable<KeyValuePair<string, RateLimitStats>> RateLimits => _limits;

    /// <summary>By the clusters' stat names.</summary>
    public IEnumerable<KeyValuePair<string, ClusterStats>> Clusters => _clusters;

    /// <summary>By stat prefix.</summary>
    public IEnumerable<KeyValuePair<string, HttpStats>> Http => _http;

    /// <summary>By stat prefix.</summary>
    public IEnumerable<KeyValuePair<string, TcpStats>> Tcp => _tcp;

    /// <summary>By the listeners' names.</summary>
    public IEnumerable<KeyValuePair<string, ListenerStats>> Listeners => _listeners;

    /// <summary>By target.</summary>
    public IEnumerable<KeyValuePair<string, LogStats>> Logs => _logs;

    public ClusterStats Cluster(string name) => _clusters.GetOrAdd(name, _ => new());

    public HttpStats HttpOf(string prefix) => _http.GetOrAdd(prefix, _ => new());

    public TcpStats TcpOf(string prefix) => _tcp.GetOrAdd(prefix, _ => new());

    public ListenerStats ListenerOf(string name) => _listeners.GetOrAdd(name, _ => new());

    public RateLimitStats RateLimitOf(string prefix) => _limits.GetOrAdd(prefix, _ => new());

    public HttpFilterMetric? FindFilterMetric(HttpFilterMetricKind kind, string name) => _filters.GetValueOrDefault((kind, name));

    /// <summary>Null where there are too many.</summary>
    public HttpFilterMetric? FilterMetric(HttpFilterMetricKind kind, string name) =>
        FindFilterMetric(kind, name) is { } metric ? metric
        : _filters.Count >= MostFilterMetrics ? null
        : _filters.GetOrAdd((kind, name), key => new(key.Kind, key.Name, FilterTelemetry.Tell(this, key.Kind, key.Name)));

    public LogStats LogOf(string target) => _logs.GetOrAdd(target, _ => new());

    public void ForgetLog(string target) => _logs.TryRemove(target, out _);

    /// <summary>Forgets clusters that are gone, so that churn does not grow the proxy.</summary>
    public void Keep(IReadOnlySet<string> clusters)
    {
        foreach (var name in _clusters.Keys.Where(n => !clusters.Contains(n)))
        {
            _clusters.TryRemove(name, out _);
        }
    }
}

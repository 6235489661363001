using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Weft.Proxy.Filters;
using Weft.Proxy.Stats;

namespace Weft.Proxy.Tracing;

/// <summary>
/// What filters count of their own, as instruments <c>wasmcustom.NAME</c> of the meter. Their names come with
/// configuration, so an instrument is made when the first proxy of the process names it.
/// </summary>
internal static class FilterTelemetry
{
    private const string Prefix = "wasmcustom.";

    private static readonly ConcurrentDictionary<(HttpFilterMetricKind Kind, string Name), Lazy<Instrument>> Instruments = new();

    /// <summary>Shows a metric of all proxies.</summary>
    /// <returns>What is to be told of each value of a histogram; null of the others, which are read when somebody asks.</returns>
    public static Action<long>? Tell(ProxyStats proxy, HttpFilterMetricKind kind, string name)
    {
        var instrument = Instruments.GetOrAdd((kind, name), key => new(() => Make(key.Kind, key.Name))).Value;
        return instrument is Histogram<long> histogram
            ? value => histogram.Record(value, new KeyValuePair<string, object?>(ProxyTelemetry.Node, ProxyTelemetry.Proxies.GetValueOrDefault(proxy)))
            : null;
    }

    private static Instrument Make(HttpFilterMetricKind kind, string name) => kind switch
    {
        HttpFilterMetricKind.Counter => ProxyTelemetry.Meter.CreateObservableCounter(Prefix + name, () => Values(kind, name)),
        HttpFilterMetricKind.Gauge => ProxyTelemetry.Meter.CreateObservableUpDownCounter(Prefix + name, () => Values(kind, name)),
        _ => ProxyTelemetry.Meter.CreateHistogram<long>(Prefix + name),
    };

    private static IEnumerable<Measurement<long>> Values(HttpFilterMetricKind kind, string name) =>
        from proxy in ProxyTelemetry.Proxies
        let metric = proxy.Key.FindFilterMetric(kind, name)
        where metric is not null
        select new Measurement<long>(metric.Value, new KeyValuePair<string, object?>(ProxyTelemetry.Node, proxy.Value));
}

using System.Collections.Concurrent;

namespace Weft.Wasm.Host;

/// <summary>Metrics of plugins in memory.</summary>
public sealed class MetricSet : IMetricSink
{
    private const int MaxMetrics = 10_000;
    private readonly ConcurrentDictionary<(MetricKind Kind, string Name), PluginMetric> _metrics = new();

    /// <summary>All that have been defined.</summary>
    public IEnumerable<PluginMetric> All => _metrics.Values;

    /// <summary>A metric by its name, or null.</summary>
    public PluginMetric? this[string name] => _metrics.Values.FirstOrDefault(m => m.Name == name);

    /// <inheritdoc/>
    public IPluginMetric? Define(MetricKind kind, string name)
    {
        if (_metrics.TryGetValue((kind, name), out var metric))
        {
            return metric;
        }

        return _metrics.Count >= MaxMetrics
            ? null
            : _metrics.GetOrAdd((kind, name), static key => new(key.Kind, key.Name));
    }
}

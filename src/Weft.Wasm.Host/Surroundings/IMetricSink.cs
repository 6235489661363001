namespace Weft.Wasm.Host;

/// <summary>Where the metrics of plugins are counted.</summary>
public interface IMetricSink
{
    /// <summary>Gives the metric of a name, which is the same for all who ask.</summary>
    /// <returns>Null where there are too many already.</returns>
    public IPluginMetric? Define(MetricKind kind, string name);
}

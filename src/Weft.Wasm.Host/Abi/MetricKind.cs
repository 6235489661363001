namespace Weft.Wasm.Host;

/// <summary>What a metric of a plugin counts. Values: proxy-wasm's <c>proxy_metric_type_t</c>.</summary>
public enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter = 0,

    /// <summary>Goes up and down.</summary>
    Gauge = 1,

    /// <summary>How often which values occur.</summary>
    Histogram = 2,
}

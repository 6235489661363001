namespace Weft.Wasm.Sdk;

/// <summary>
/// A number that only grows, in the proxy's statistics. All workers count into the same one. Metrics are made in
/// <see cref="IPlugin.OnConfigure"/> and kept in the plugin's fields; one that was never made counts nothing.
/// </summary>
public readonly struct Counter
{
    private readonly uint _metric;

    private Counter(uint metric)
    {
        _metric = metric;
    }

    /// <summary>The count over all workers; 0 where it was never made.</summary>
    public long Value => Metric.Get(_metric);

    /// <summary>Makes a counter, or finds it where it was made.</summary>
    /// <param name="name">Its name; Envoy puts <c>wasmcustom.</c> before it.</param>
    public static Counter Define(Text name) => new(Metric.Define(0, name));

    /// <summary>Counts.</summary>
    /// <param name="count">How many; not below 0.</param>
    public HostStatus Add(long count = 1) => Metric.Add(_metric, count);
}

/// <summary>A number that goes up and down, in the proxy's statistics.</summary>
public readonly struct Gauge
{
    private readonly uint _metric;

    private Gauge(uint metric)
    {
        _metric = metric;
    }

    /// <summary>The number; 0 where it was never made.</summary>
    public long Value => Metric.Get(_metric);

    /// <summary>Makes a gauge, or finds it where it was made.</summary>
    /// <param name="name">Its name; Envoy puts <c>wasmcustom.</c> before it.</param>
    public static Gauge Define(Text name) => new(Metric.Define(1, name));

    /// <summary>Adds to the number.</summary>
    /// <param name="difference">How much; may be below 0.</param>
    public HostStatus Add(long difference) => Metric.Add(_metric, difference);

    /// <summary>Sets the number.</summary>
    /// <param name="value">What it is now; not below 0.</param>
    public HostStatus Record(long value) => Metric.Record(_metric, value);
}

/// <summary>How numbers are spread, in the proxy's statistics.</summary>
public readonly struct Histogram
{
    private readonly uint _metric;

    private Histogram(uint metric)
    {
        _metric = metric;
    }

    /// <summary>Makes a histogram, or finds it where it was made.</summary>
    /// <param name="name">Its name; Envoy puts <c>wasmcustom.</c> before it.</param>
    public static Histogram Define(Text name) => new(Metric.Define(2, name));

    /// <summary>Adds a number.</summary>
    /// <param name="value">The number; not below 0.</param>
    public HostStatus Record(long value) => Metric.Record(_metric, value);
}

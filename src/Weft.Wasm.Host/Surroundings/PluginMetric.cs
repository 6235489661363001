namespace Weft.Wasm.Host;

/// <summary>A metric in memory.</summary>
public sealed class PluginMetric : IPluginMetric
{
    private long _value;
    private long _count;

    internal PluginMetric(MetricKind kind, string name) => (Kind, Name) = (kind, name);

    /// <summary>What it counts.</summary>
    public MetricKind Kind { get; }

    /// <summary>The name that the plugin gave.</summary>
    public string Name { get; }

    /// <summary>The value of a counter or gauge; of a histogram the sum of all that was recorded.</summary>
    public ulong Value => (ulong)Interlocked.Read(ref _value);

    /// <summary>How often a histogram was recorded.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <inheritdoc/>
    public void Add(long offset) => Interlocked.Add(ref _value, offset);

    /// <inheritdoc/>
    public void Record(ulong value)
    {
        Interlocked.Increment(ref _count);
        if (Kind == MetricKind.Gauge)
        {
            Interlocked.Exchange(ref _value, (long)value);
        }
        else
        {
            Interlocked.Add(ref _value, (long)value);
        }
    }
}

namespace Weft.Proxy.Filters;

/// <summary>What a metric counts.</summary>
public enum HttpFilterMetricKind
{
    /// <summary>It only rises.</summary>
    Counter,

    /// <summary>It goes up and down.</summary>
    Gauge,

    /// <summary>How values spread.</summary>
    Histogram,
}

/// <summary>A metric of a filter's own. For any number of threads.</summary>
public sealed class HttpFilterMetric
{
    private readonly Action<long>? _told;
    private long _value;
    private long _count;

    /// <param name="told">Told of each value of a histogram.</param>
    internal HttpFilterMetric(HttpFilterMetricKind kind, string name, Action<long>? told) => (Kind, Name, _told) = (kind, name, told);

    /// <summary>What it counts.</summary>
    public HttpFilterMetricKind Kind { get; }

    /// <summary>The name that the filter gave.</summary>
    public string Name { get; }

    /// <summary>The value of a counter or gauge; the sum of what a histogram was told.</summary>
    public long Value => Interlocked.Read(ref _value);

    /// <summary>How often a histogram was told a value.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Adds to a counter or gauge.</summary>
    public void Add(long offset) => Interlocked.Add(ref _value, offset);

    /// <summary>Adds to a counter, sets a gauge, or tells a histogram a value.</summary>
    public void Record(long value)
    {
        if (Kind == HttpFilterMetricKind.Gauge)
        {
            Interlocked.Exchange(ref _value, value);
            return;
        }

        Interlocked.Add(ref _value, value);
        Interlocked.Increment(ref _count);
        _told?.Invoke(value);
    }
}

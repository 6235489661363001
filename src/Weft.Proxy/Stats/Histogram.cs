using System.Collections.Immutable;

namespace Weft.Proxy.Stats;

/// <summary>Counts durations in Envoy's default buckets. Safe for any number of threads.</summary>
internal sealed class Histogram
{
    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _microseconds;

    /// <summary>The upper bounds in milliseconds.</summary>
    public static ImmutableArray<double> Bounds { get; } =
    [
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
    ];

    /// <summary>The sum of all values in milliseconds.</summary>
    public double Sum => Interlocked.Read(ref _microseconds) / 1000.0;

    public void Add(TimeSpan value)
    {
        var milliseconds = value.TotalMilliseconds;
        var bucket = 0;
        while (bucket < Bounds.Length && milliseconds > Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _microseconds, (long)value.TotalMicroseconds);
    }

    /// <summary>How many values were at most each bound; the last one counts all.</summary>
    public ImmutableArray<long> Cumulative()
    {
        var result = ImmutableArray.CreateBuilder<long>(_counts.Length);
        long total = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            total += Interlocked.Read(ref _counts[i]);
            result.Add(total);
        }

        return result.MoveToImmutable();
    }
}

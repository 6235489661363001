using System.Collections.Immutable;

namespace Weft.Up;

/// <summary>
/// Requests a second by cluster, over the last moments: the difference of two readings of all proxies. Pure; the
/// readings and their times come in.
/// </summary>
/// <param name="window">How far back the older reading lies: long enough for a steady figure, short enough to see a change at once.</param>
internal sealed class Traffic(TimeSpan window)
{
    private readonly Queue<Reading> _readings = [];

    private sealed record Reading(TimeSpan At, ImmutableDictionary<Uri, ImmutableDictionary<string, ClusterCount>> Proxies);

    /// <summary>Takes a reading, and says what happened since the one a window ago, per second.</summary>
    public ImmutableSortedDictionary<string, ClusterCount> Next(
        TimeSpan now, ImmutableDictionary<Uri, ImmutableDictionary<string, ClusterCount>> proxies)
    {
        _readings.Enqueue(new(now, proxies));
        while (_readings.Count > 2 && _readings.Skip(1).First().At <= now - window)
        {
            _readings.Dequeue();
        }

        var oldest = _readings.Peek();
        var seconds = (now - oldest.At).TotalSeconds;
        if (seconds <= 0)
        {
            return ImmutableSortedDictionary<string, ClusterCount>.Empty;
        }

        return proxies
            .SelectMany(proxy => proxy.Value.Select(cluster => (
                cluster.Key,
                Count: cluster.Value.Since(oldest.Proxies.GetValueOrDefault(proxy.Key)?.GetValueOrDefault(cluster.Key) ?? default))))
            .GroupBy(c => c.Key, c => c.Count, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(
                c => c.Key,
                c => c.Aggregate((a, b) => a + b) is var sum ? new ClusterCount(sum.Requests / seconds, sum.Errors / seconds) : default,
                StringComparer.Ordinal);
    }
}

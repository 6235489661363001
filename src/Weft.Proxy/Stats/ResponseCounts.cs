namespace Weft.Proxy.Stats;

/// <summary>Counts responses by status. Safe for any number of threads.</summary>
internal sealed class ResponseCounts
{
    private const int First = 100;
    private const int Last = 599;
    private readonly long[] _byStatus = new long[Last - First + 1];

    /// <summary>Statuses that HTTP does not know count as the nearest it knows.</summary>
    public void Add(int status) => Interlocked.Increment(ref _byStatus[Math.Clamp(status, First, Last) - First]);

    /// <summary>The statuses that were counted, ascending.</summary>
    public IEnumerable<(int Status, long Count)> ByStatus()
    {
        for (var i = 0; i < _byStatus.Length; i++)
        {
            if (Interlocked.Read(ref _byStatus[i]) is > 0 and var count)
            {
                yield return (First + i, count);
            }
        }
    }

    /// <summary>The classes that were counted, from 1 for 1xx.</summary>
    public IEnumerable<(int Class, long Count)> ByClass() =>
        ByStatus().GroupBy(s => s.Status / 100, (c, counts) => (c, counts.Sum(s => s.Count)));
}

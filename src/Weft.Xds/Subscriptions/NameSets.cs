using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Weft.Flow;

namespace Weft.Xds.Subscriptions;

/// <summary>
/// The sets of names that clients have asked for and still hold. Thousands of clients ask for the same few sets, and
/// name them in each acknowledgement. Safe for any number of threads.
/// </summary>
internal sealed class NameSets
{
    // Entries whose sets are gone are swept out when there are twice as many as were alive after the last sweep.
    private const int Fewest = 1024;

    private readonly ConcurrentDictionary<ContentHash, WeakReference<NameSet>> _sets = new();
    private int _sweepAt = Fewest;
    private int _count;

    /// <summary>How many are remembered, those included that nobody holds and that have not been swept out.</summary>
    public int Count => _sets.Count;

    /// <summary>The set that these bytes stand for, if somebody holds it.</summary>
    public bool TryGet(ContentHash asked, [MaybeNullWhen(false)] out NameSet set)
    {
        set = null;
        return _sets.TryGetValue(asked, out var held) && held.TryGetTarget(out set);
    }

    /// <summary>Keeps a set for those who ask for the same, for as long as somebody holds it.</summary>
    public NameSet Keep(NameSet set)
    {
        _sets[set.Asked] = new(set);
        if (Interlocked.Increment(ref _count) >= Volatile.Read(ref _sweepAt))
        {
            Sweep();
        }

        return set;
    }

    private void Sweep()
    {
        foreach (var (asked, held) in _sets)
        {
            if (!held.TryGetTarget(out _))
            {
                _sets.TryRemove(new(asked, held));
            }
        }

        var alive = _sets.Count;
        Volatile.Write(ref _count, alive);
        Volatile.Write(ref _sweepAt, Math.Max(Fewest, 2 * alive));
    }
}

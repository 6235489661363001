using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Weft.Flow;

/// <summary>
/// An immutable table in order of its keys, in one array: to look up is a binary search, and to replace an entry copies
/// references only. What differs between two tables is found by comparing references in step, so that a long chain of
/// computations can redo what belongs to the entries that changed, and pass over thousands of others in microseconds.
/// </summary>
/// <typeparam name="TKey">The key of an entry. Texts are in ordinal order.</typeparam>
/// <typeparam name="TValue">A reference type: two values are the same entry only if they are the same object.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "A table is what people call it.")]
public sealed class SortedTable<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>
    where TKey : IComparable<TKey>
    where TValue : class
{
    /// <summary>A table without entries.</summary>
    public static readonly SortedTable<TKey, TValue> Empty = new([]);

    internal static readonly IComparer<TKey> Order =
        typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal : Comparer<TKey>.Default;

    private readonly ImmutableArray<KeyValuePair<TKey, TValue>> _entries;

    internal SortedTable(ImmutableArray<KeyValuePair<TKey, TValue>> entries) => _entries = entries;

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public IEnumerable<TKey> Keys => _entries.Select(e => e.Key);

    /// <inheritdoc/>
    public IEnumerable<TValue> Values => _entries.Select(e => e.Value);

    /// <inheritdoc/>
    public TValue this[TKey key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no {key}.");

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => Find(key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var at = Find(key);
        value = at < 0 ? null : _entries[at].Value;
        return at >= 0;
    }

    /// <summary>
    /// This table with the changes made: an entry for each key, null where there is to be none. Where nothing changes, it
    /// is this very table.
    /// </summary>
    /// <param name="changes">In order of their keys, each key once.</param>
    public SortedTable<TKey, TValue> With(IReadOnlyCollection<KeyValuePair<TKey, TValue?>> changes)
    {
        var (made, from, changed) = (new List<KeyValuePair<TKey, TValue>>(Count + changes.Count), 0, false);
        foreach (var (key, value) in changes)
        {
            var at = Find(key);
            var to = at < 0 ? ~at : at;
            made.AddRange(_entries.AsSpan()[from..to]);
            from = at < 0 ? to : to + 1;
            changed |= !ReferenceEquals(at < 0 ? null : _entries[at].Value, value);
            if (value is not null)
            {
                made.Add(new(key, value));
            }
        }

        if (!changed)
        {
            return this;
        }

        made.AddRange(_entries.AsSpan()[from..]);
        return new([.. made]);
    }

    /// <summary>How this table differs from a former one: the entries that are not the same object, in order of their keys.</summary>
    public ImmutableArray<Change<TKey, TValue>> Since(SortedTable<TKey, TValue> former)
    {
        var changes = ImmutableArray.CreateBuilder<Change<TKey, TValue>>();
        var old = former._entries.AsSpan();
        var now = _entries.AsSpan();
        var (i, j) = (0, 0);
        while (i < old.Length || j < now.Length)
        {
            if (i < old.Length && j < now.Length && ReferenceEquals(old[i].Value, now[j].Value))
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }

            var order = i == old.Length ? 1 : j == now.Length ? -1 : Order.Compare(old[i].Key, now[j].Key);
            changes.Add(new(order < 0 ? old[i].Key : now[j].Key, order <= 0 ? old[i].Value : null, order >= 0 ? now[j].Value : null));
            (i, j) = (order <= 0 ? i + 1 : i, order >= 0 ? j + 1 : j);
        }

        return changes.ToImmutable();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _entries.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // The place of the key, or the complement of where it would stand.
    private int Find(TKey key)
    {
        var (low, high) = (0, _entries.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            switch (Order.Compare(_entries[middle].Key, key))
            {
                case 0:
                    return middle;
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return ~low;
    }
}

/// <summary>Makes tables.</summary>
public static class SortedTable
{
    /// <summary>A table of these entries.</summary>
    /// <exception cref="ArgumentException">Two of them have the same key.</exception>
    public static SortedTable<TKey, TValue> Of<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> entries)
        where TKey : IComparable<TKey>
        where TValue : class
    {
        var sorted = entries.ToArray();
        Array.Sort(sorted, static (a, b) => SortedTable<TKey, TValue>.Order.Compare(a.Key, b.Key));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (SortedTable<TKey, TValue>.Order.Compare(sorted[i - 1].Key, sorted[i].Key) == 0)
            {
                throw new ArgumentException($"There are two of {sorted[i].Key}.", nameof(entries));
            }
        }

        return new(ImmutableCollectionsMarshal.AsImmutableArray(sorted));
    }
}

/// <summary>An entry that differs between two tables.</summary>
/// <param name="Before">What it was; null where it is new.</param>
/// <param name="After">What it is; null where it is gone.</param>
public readonly record struct Change<TKey, TValue>(TKey Key, TValue? Before, TValue? After)
    where TValue : class;

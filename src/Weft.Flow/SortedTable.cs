using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Weft.Flow;

/// <summary>
/// An immutable table in order of its keys, in arrays: to look up is a binary search, and to replace an entry copies
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
    public static readonly SortedTable<TKey, TValue> Empty = new([], []);

    internal static readonly IComparer<TKey> Order =
        typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal : Comparer<TKey>.Default;

    // Side by side and never written to again. Tables with the same keys share them.
    private readonly TKey[] _keys;
    private readonly TValue[] _values;

    internal SortedTable(TKey[] keys, TValue[] values) => (_keys, _values) = (keys, values);

    /// <inheritdoc/>
    public int Count => _keys.Length;

    /// <inheritdoc/>
    public IEnumerable<TKey> Keys => _keys.AsEnumerable();

    /// <inheritdoc/>
    public IEnumerable<TValue> Values => _values.AsEnumerable();

    /// <summary><see cref="Values"/> in the array that the table keeps them in: costs nothing.</summary>
    public ImmutableArray<TValue> Entries => ImmutableCollectionsMarshal.AsImmutableArray(_values);

    /// <inheritdoc/>
    public TValue this[TKey key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no {key}.");

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => Find(key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var at = Find(key);
        value = at < 0 ? null : _values[at];
        return at >= 0;
    }

    /// <summary>
    /// This table with the changes made: an entry for each key, null where there is to be none. Where nothing changes, it
    /// is this very table.
    /// </summary>
    /// <param name="changes">In order of their keys, each key once.</param>
    public SortedTable<TKey, TValue> With(IReadOnlyCollection<KeyValuePair<TKey, TValue?>> changes)
    {
        if (changes.All(c => ReferenceEquals(this.GetValueOrDefault(c.Key), c.Value)))
        {
            return this;
        }

        return changes.All(c => c.Value is not null && Find(c.Key) >= 0) ? WithValues(changes) : WithEntries(changes);
    }

    /// <summary>
    /// Whether the other table is known to have the same keys, since one was made of the other without adding or removing
    /// any. Costs nothing; tables that were made apart may be told to differ though they do not.
    /// </summary>
    public bool SharesKeysWith(SortedTable<TKey, TValue> other) => ReferenceEquals(_keys, other._keys);

    /// <summary>How this table differs from a former one: the entries that are not the same object, in order of their keys.</summary>
    public ImmutableArray<Change<TKey, TValue>> Since(SortedTable<TKey, TValue> former)
    {
        if (ReferenceEquals(this, former))
        {
            return [];
        }

        var changes = ImmutableArray.CreateBuilder<Change<TKey, TValue>>();
        var (i, j) = (0, 0);
        while (i < former.Count || j < Count)
        {
            if (i < former.Count && j < Count && ReferenceEquals(former._values[i], _values[j]))
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }

            var order = i == former.Count ? 1 : j == Count ? -1 : Order.Compare(former._keys[i], _keys[j]);
            changes.Add(new(
                order < 0 ? former._keys[i] : _keys[j], order <= 0 ? former._values[i] : null, order >= 0 ? _values[j] : null));
            (i, j) = (order <= 0 ? i + 1 : i, order >= 0 ? j + 1 : j);
        }

        return changes.ToImmutable();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _keys.Zip(_values, KeyValuePair.Create).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Most changes are of what is there already.
    private SortedTable<TKey, TValue> WithValues(IReadOnlyCollection<KeyValuePair<TKey, TValue?>> changes)
    {
        var values = (TValue[])_values.Clone();
        foreach (var (key, value) in changes)
        {
            values[Find(key)] = value!;
        }

        return new(_keys, values);
    }

    private SortedTable<TKey, TValue> WithEntries(IReadOnlyCollection<KeyValuePair<TKey, TValue?>> changes)
    {
        var (keys, values, from) = (new List<TKey>(Count + changes.Count), new List<TValue>(Count + changes.Count), 0);
        foreach (var (key, value) in changes)
        {
            var at = Find(key);
            var to = at < 0 ? ~at : at;
            keys.AddRange(_keys.AsSpan(from, to - from));
            values.AddRange(_values.AsSpan(from, to - from));
            from = at < 0 ? to : to + 1;
            if (value is not null)
            {
                keys.Add(key);
                values.Add(value);
            }
        }

        keys.AddRange(_keys.AsSpan(from));
        values.AddRange(_values.AsSpan(from));
        return new([.. keys], [.. values]);
    }

    // The place of the key, or the complement of where it would stand.
    private int Find(TKey key) => Array.BinarySearch(_keys, key, Order);
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

        return new([.. sorted.Select(e => e.Key)], [.. sorted.Select(e => e.Value)]);
    }
}

/// <summary>An entry that differs between two tables.</summary>
/// <param name="Before">What it was; null where it is new.</param>
/// <param name="After">What it is; null where it is gone.</param>
public readonly record struct Change<TKey, TValue>(TKey Key, TValue? Before, TValue? After)
    where TValue : class;

namespace Weft.Flow;

/// <summary>
/// A table with an entry for each entry of another, which follows it: only entries whose source changed are made again.
/// </summary>
/// <param name="Source">What it was made of.</param>
/// <param name="Table">What was made.</param>
public sealed record Derived<TKey, TSource, TResult>(SortedTable<TKey, TSource> Source, SortedTable<TKey, TResult> Table)
    where TKey : IComparable<TKey>
    where TSource : class
    where TResult : class
{
    // Fewer are made before other threads have begun.
    private const int Many = 128;

    /// <summary>Of nothing.</summary>
    public static readonly Derived<TKey, TSource, TResult> Empty = new(SortedTable<TKey, TSource>.Empty, SortedTable<TKey, TResult>.Empty);

    /// <summary>The same for another version of the source.</summary>
    /// <param name="make">
    /// Makes an entry. It is given the source and the entry of before, if there was one; where it returns that entry, what
    /// depends on this table sees no change. Where many entries are made, several threads call it at once.
    /// </param>
    public Derived<TKey, TSource, TResult> Next(SortedTable<TKey, TSource> source, Func<TSource, (TSource Source, TResult Result)?, TResult> make)
    {
        var changes = source.Since(Source);
        if (changes.IsEmpty)
        {
            return this;
        }

        var made = changes.Length < Many
            ? changes.Select(c => KeyValuePair.Create(c.Key, Made(c, make))).ToArray()
            : changes.AsParallel().AsOrdered().Select(c => KeyValuePair.Create(c.Key, Made(c, make))).ToArray();
        return new(source, Table.With(made));
    }

    private TResult? Made(Change<TKey, TSource> change, Func<TSource, (TSource, TResult)?, TResult> make) =>
        change.After is null ? null
        : make(change.After, change.Before is null ? null : (change.Before, Table[change.Key]));
}

using Weft.Flow;

namespace Weft.Tests.Flow;

public sealed class SortedTableTests
{
    private static readonly object One = new();
    private static readonly object Two = new();

    [Fact]
    public void Entries_stand_in_order_of_their_keys()
    {
        var table = Of(("b", One), ("a", Two), ("B", One));
        Assert.Equal(["B", "a", "b"], table.Keys);
        Assert.Same(Two, table["a"]);
        Assert.False(table.ContainsKey("c"));
        Assert.Throws<KeyNotFoundException>(() => table["c"]);
    }

    [Fact]
    public void Two_entries_of_one_key_are_refused() =>
        Assert.Throws<ArgumentException>(() => Of(("a", One), ("a", Two)));

    [Fact]
    public void Changes_add_replace_and_remove()
    {
        var table = Of(("a", One), ("b", One), ("d", One)).With([new("a", null), new("b", Two), new("c", Two), new("e", Two)]);
        Assert.Equal([("b", Two), ("c", Two), ("d", One), ("e", Two)], table.Select(e => (e.Key, e.Value)));
    }

    [Fact]
    public void A_table_that_nothing_changes_in_is_the_same_table()
    {
        var table = Of(("a", One));
        Assert.Same(table, table.With([new("a", One), new("b", null)]));
        Assert.Same(table, table.With([]));
    }

    [Fact]
    public void What_differs_since_a_former_table_is_what_was_changed()
    {
        var former = Of(("a", One), ("b", One), ("c", One));
        var now = former.With([new("a", null), new("b", Two), new("d", Two)]);
        Assert.Equal([new("a", One, null), new("b", One, Two), new("d", null, Two)], now.Since(former));
        Assert.Equal([new("a", null, One), new("b", Two, One), new("d", Two, null)], former.Since(now));
        Assert.Empty(now.Since(now));
    }

    [Fact]
    public void Random_changes_are_found_again()
    {
        var random = new Random(1);
        var table = SortedTable<string, object>.Empty;
        for (var round = 0; round < 500; round++)
        {
            var changes = Enumerable.Range(0, random.Next(6)).Select(_ => $"{random.Next(40)}").Distinct()
                .Order(StringComparer.Ordinal)
                .Select(key => KeyValuePair.Create(key, random.Next(3) == 0 ? null : new object())).ToList();
            var next = table.With(changes);
            var expected = changes.Where(c => c.Value is not null || table.ContainsKey(c.Key))
                .Select(c => new Change<string, object>(c.Key, table.GetValueOrDefault(c.Key), c.Value));
            Assert.Equal(expected, next.Since(table));
            Assert.Equal(next.Keys.Order(StringComparer.Ordinal), next.Keys);
            table = next;
        }
    }

    [Fact]
    public void A_derived_table_makes_again_only_what_has_changed()
    {
        var made = new List<object>();
        object Make(object source, (object Source, object Result)? former)
        {
            made.Add(source);
            return former is { } before && source == Two ? before.Result : new object();
        }

        var first = Derived<string, object, object>.Empty.Next(Of(("a", One), ("b", One)), Make);
        var second = first.Next(first.Source.With([new("b", Two), new("c", One)]), Make);
        Assert.Equal([One, One, Two, One], made);
        Assert.Equal(["c"], second.Table.Since(first.Table).Select(c => c.Key));
        Assert.Same(second, second.Next(second.Source, Make));
    }

    private static SortedTable<string, object> Of(params (string Key, object Value)[] entries) =>
        SortedTable.Of(entries.Select(e => KeyValuePair.Create(e.Key, e.Value)));
}

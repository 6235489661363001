using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Maps;

public sealed class MapBatchTests
{
    private const int Many = 10_000;

    private static readonly uint[] Keys = [.. Enumerable.Range(0, Many).Select(i => (uint)i)];
    private static readonly ulong[] Values = [.. Keys.Select(k => k * 3UL)];

    [Theory]
    [InlineData(MapType.Hash, 16)]
    [InlineData(MapType.Hash, 777)]
    [InlineData(MapType.Hash, 20_000)]
    [InlineData(MapType.LruHash, 1000)]
    [InlineData(MapType.Array, 777)]
    public void Ten_thousand_elements_are_written_and_read_in_batches(MapType type, int size)
    {
        Privileged.Require();
        using var raw = Filled(type, out var map);
        var (cursor, keys, values) = (raw.NewCursor(), new uint[size], new ulong[size]);
        var seen = new Dictionary<uint, ulong>();
        while (!cursor.IsAtEnd)
        {
            var count = map.ReadBatch(cursor, keys, values);
            for (var i = 0; i < count; i++)
            {
                seen.Add(keys[i], values[i]);
            }
        }

        Assert.Equal(0, map.ReadBatch(cursor, keys, values));
        Assert.Equal(Many, seen.Count);
        Assert.All(seen, e => Assert.Equal(e.Key * 3UL, e.Value));
    }

    [Fact]
    public void Elements_are_taken_out_while_they_are_read()
    {
        Privileged.Require();
        using var raw = Filled(MapType.Hash, out var map);
        var (cursor, keys, values, taken) = (raw.NewCursor(), new uint[1000], new ulong[1000], 0);
        while (!cursor.IsAtEnd)
        {
            taken += map.TakeBatch(cursor, keys, values);
        }

        Assert.Equal(Many, taken);
        Assert.False(raw.Walk().MoveNext());
    }

    [Fact]
    public void Keys_that_are_not_there_are_passed_over_when_many_are_taken_out()
    {
        Privileged.Require();
        using var raw = Filled(MapType.Hash, out var map);
        Assert.True(map.Remove(0) && map.Remove(5000) && map.Remove(5001) && map.Remove(9999));
        Assert.Equal(Many - 4, map.DeleteBatch(Keys));
        Assert.Equal(0, map.DeleteBatch(Keys.AsSpan(0, 10)));
        Assert.Equal(0, map.DeleteBatch([]));
    }

    [Fact]
    public void A_batch_that_is_refused_tells_how_far_it_came()
    {
        Privileged.Require();
        using var raw = BpfMap.Create(new() { Name = "t_batch", Type = MapType.Hash, KeySize = 4, ValueSize = 8, MaxEntries = 100 });
        var written = -1;
        var error = Assert.Throws<KernelException>(() => raw.UpdateBatch(
            MemoryMarshal.AsBytes<uint>(Keys), MemoryMarshal.AsBytes<ulong>(Values), out written));
        Assert.Equal(Errno.TooBig, error.Errno);
        Assert.Equal(100, written);
    }

    [Fact]
    public void A_bucket_that_does_not_fit_leaves_the_cursor_and_a_larger_buffer_goes_on()
    {
        Privileged.Require();

        // Ten thousand elements in 16384 buckets: some have two or more.
        using var raw = Filled(MapType.Hash, out var map);
        var (cursor, seen, size) = (raw.NewCursor(), 0, 1);
        var refused = 0;
        while (!cursor.IsAtEnd)
        {
            try
            {
                seen += map.ReadBatch(cursor, new uint[size], new ulong[size]);
            }
            catch (KernelException e) when (e.Errno == Errno.NoSpace)
            {
                refused++;
                size++;
            }
        }

        Assert.True(refused > 0);
        Assert.Equal(Many, seen);
    }

    [Fact]
    public void A_cursor_of_a_map_with_shorter_keys_is_refused()
    {
        Privileged.Require();
        using var small = Filled(MapType.Hash, out _);
        using var large = BpfMap.Create(new() { Name = "t_large", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 4 });
        using var trie = BpfMap.Create(new()
        {
            Name = "t_trie",
            Type = MapType.LpmTrie,
            KeySize = 40,
            ValueSize = 8,
            MaxEntries = 4,
            Flags = MapCreateFlags.NoPreallocation,
        });
        Assert.Throws<ArgumentException>(() => trie.ReadBatch(small.NewCursor(), new byte[40], new byte[8]));
        Assert.Throws<ArgumentException>(() => large.ReadBatch(large.NewCursor(), new byte[8], new byte[8]));
        Assert.Throws<ArgumentException>(() => large.ReadBatch(large.NewCursor(), new byte[7], new byte[8]));
    }

    [Fact]
    public void A_walk_meets_each_element_once_though_all_are_taken_out_on_the_way()
    {
        Privileged.Require();
        using var raw = Filled(MapType.Hash, out var map);
        var (walker, seen) = (map.GetEnumerator(), new HashSet<uint>());
        while (walker.MoveNext())
        {
            Assert.True(seen.Add(walker.Current.Key));
            Assert.True(map.Remove(walker.Current.Key));
        }

        Assert.Equal(Many, seen.Count);
        Assert.False(walker.WasAborted);
    }

    [Fact]
    public void What_stays_is_met_once_while_others_write_and_take_out()
    {
        Privileged.Require();
        using var raw = BpfMap.Create(new() { Name = "t_churn", Type = MapType.Hash, KeySize = 4, ValueSize = 8, MaxEntries = 2 * Many });
        var map = new Map<uint, ulong>(raw);
        map.UpdateBatch(Keys, Values);
        using var started = new ManualResetEventSlim();
        var stop = false;
        var other = new Thread(() =>
        {
            for (uint i = 0; !Volatile.Read(ref stop); i = (i + 1) % Many)
            {
                map[Many + i] = i;
                map.Remove(Many + ((i * 7) % Many));
                started.Set();
            }
        });
        other.Start();
        started.Wait();
        for (var round = 0; round < 5; round++)
        {
            var seen = new List<uint>();
            foreach (var (key, _) in map)
            {
                seen.Add(key);
            }

            Assert.Equal(Many, seen.Count(k => k < Many));
            Assert.Equal(Many, seen.Where(k => k < Many).Distinct().Count());
        }

        Volatile.Write(ref stop, true);
        other.Join();
    }

    [Fact]
    public void A_map_without_batches_is_walked_step_by_step_also_under_deletes()
    {
        Privileged.Require();
        var kernel = new OldKernel { HasBatches = false };
        using var raw = BpfMap.Create(new() { Name = "t_steps", Type = MapType.Hash, KeySize = 4, ValueSize = 8, MaxEntries = 500 }, kernel);
        var map = new Map<uint, ulong>(raw);
        for (uint i = 0; i < 500; i++)
        {
            map[i] = i;
        }

        var (walker, seen) = (map.GetEnumerator(), new HashSet<uint>());
        while (walker.MoveNext())
        {
            Assert.True(seen.Add(walker.Current.Key));
            Assert.True(map.Remove(walker.Current.Key));
        }

        Assert.Equal(500, seen.Count);
        Assert.False(walker.WasAborted);
    }

    [Fact]
    public void A_walk_that_others_throw_back_again_and_again_ends_and_says_so()
    {
        Privileged.Require();
        var kernel = new OldKernel { HasBatches = false };
        using var raw = BpfMap.Create(new() { Name = "t_abort", Type = MapType.Hash, KeySize = 4, ValueSize = 8, MaxEntries = 20 }, kernel);
        var map = new Map<uint, ulong>(raw);
        for (uint i = 0; i < 20; i++)
        {
            map[i] = i;
        }

        // Whatever key is asked for, the kernel begins anew, as it does when the key is gone.
        kernel.ForgetsWhereItWas = true;
        var (walk, count) = (raw.Walk(), 0);
        while (walk.MoveNext())
        {
            count++;
        }

        Assert.True(walk.WasAborted);
        Assert.Equal(20, count);
    }

    private static BpfMap Filled(MapType type, out Map<uint, ulong> map)
    {
        var raw = BpfMap.Create(new() { Name = "t_many", Type = type, KeySize = 4, ValueSize = 8, MaxEntries = type == MapType.LruHash ? 4u * Many : Many });
        map = new(raw);
        map.UpdateBatch(Keys, Values);
        return raw;
    }
}

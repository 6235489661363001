using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Maps;

public sealed class MapTypesTests
{
    [Theory]
    [InlineData(MapType.Hash)]
    [InlineData(MapType.LruHash)]
    [InlineData(MapType.PerCpuHash)]
    [InlineData(MapType.LruPerCpuHash)]
    [InlineData(MapType.LpmTrie)]
    public void Maps_with_keys_take_give_and_lose_elements(MapType type)
    {
        Privileged.Require();
        using var map = BpfMap.Create(new()
        {
            Name = "t_keys",
            Type = type,
            KeySize = 8,
            ValueSize = 5,
            MaxEntries = 64,
            Flags = type == MapType.LpmTrie ? MapCreateFlags.NoPreallocation : 0,
        });
        var value = new byte[map.ValueSize];
        value[0] = 9;
        byte[] key = [32, 0, 0, 0, 10, 0, 0, 1];
        map.Update(key, value);
        var read = new byte[map.ValueSize];
        Assert.True(map.TryLookup(key, read));
        Assert.Equal(value, read);
        var walk = map.Walk();
        Assert.True(walk.MoveNext());
        Assert.Equal(key, walk.Key.ToArray());
        Assert.Equal(value, walk.Value.ToArray());
        Assert.False(walk.MoveNext());
        Assert.False(walk.MoveNext());
        Assert.True(map.TryDelete(key));
        Assert.False(map.TryLookup(key, read));
        Assert.False(map.Walk().MoveNext());
    }

    [Theory]
    [InlineData(MapType.Array)]
    [InlineData(MapType.PerCpuArray)]
    public void Elements_of_arrays_are_always_there(MapType type)
    {
        Privileged.Require();
        using var map = BpfMap.Create(new() { Name = "t_array", Type = type, KeySize = 4, ValueSize = 8, MaxEntries = 3 });
        var value = new byte[map.ValueSize];
        Assert.True(map.TryLookup(Key(2), value));
        Assert.False(map.TryLookup(Key(3), value));
        Assert.Equal(Errno.Invalid, Assert.Throws<KernelException>(() => map.TryDelete(Key(0))).Errno);
        var error = Assert.Throws<KernelException>(() => map.Update(Key(3), value));
        Assert.Equal(Errno.TooBig, error.Errno);
        Assert.Contains("not below its 3 elements", error.Message, StringComparison.Ordinal);
        var (walk, count) = (map.Walk(), 0u);
        while (walk.MoveNext())
        {
            Assert.Equal(Key(count++), walk.Key.ToArray());
        }

        Assert.Equal(3u, count);
        Assert.False(walk.WasAborted);
    }

    [Fact]
    public void An_LPM_trie_gives_the_longest_prefix()
    {
        Privileged.Require();
        using var raw = BpfMap.Create(new()
        {
            Name = "t_lpm",
            Type = MapType.LpmTrie,
            KeySize = 8,
            ValueSize = 4,
            MaxEntries = 8,
            Flags = MapCreateFlags.NoPreallocation,
        });
        var map = new Map<Prefix, uint>(raw);
        map[new(8, 10, 0, 0, 0)] = 1;
        map[new(16, 10, 1, 0, 0)] = 2;
        Assert.Equal(2u, map[new(32, 10, 1, 2, 3)]);
        Assert.Equal(1u, map[new(32, 10, 2, 2, 3)]);
        Assert.False(map.TryGet(new(32, 11, 0, 0, 0), out _));
        Assert.Throws<KeyNotFoundException>(() => map[new(32, 11, 0, 0, 0)]);
    }

    [Theory]
    [InlineData(MapType.Queue, 1u, 2u)]
    [InlineData(MapType.Stack, 3u, 2u)]
    public void Queues_and_stacks_give_values_in_their_order(MapType type, uint first, uint second)
    {
        Privileged.Require();
        using var raw = BpfMap.Create(new() { Name = "t_queue", Type = type, ValueSize = 4, MaxEntries = 3 });
        var queue = new MapQueue<uint>(raw);
        queue.Push(1);
        queue.Push(2);
        queue.Push(3);
        Assert.Equal(Errno.TooBig, Assert.Throws<KernelException>(() => queue.Push(4)).Errno);
        Assert.True(queue.TryPeek(out var value) && value == first);
        Assert.True(queue.TryPop(out value) && value == first);
        Assert.True(queue.TryPop(out value) && value == second);
        queue.Push(4);
        queue.Push(5);
        queue.Push(6, evictOldest: true);
        Assert.True(queue.TryPop(out _) && queue.TryPop(out _) && queue.TryPop(out _));
        Assert.False(queue.TryPop(out _));
        Assert.False(queue.TryPeek(out _));
    }

    [Fact]
    public void A_bloom_filter_never_forgets_what_it_was_given()
    {
        Privileged.Require();
        using var raw = BpfMap.Create(new() { Name = "t_bloom", Type = MapType.BloomFilter, ValueSize = 8, MaxEntries = 100, Extra = 5 });
        var filter = new MapQueue<ulong>(raw);
        for (ulong i = 0; i < 100; i++)
        {
            filter.Push(i);
        }

        Assert.All(Enumerable.Range(0, 100), i => Assert.True(filter.MightContain((ulong)i)));
        Assert.True(Enumerable.Range(1000, 1000).Count(i => filter.MightContain((ulong)i)) < 200);
    }

    [Theory]
    [InlineData(MapType.ArrayOfMaps)]
    [InlineData(MapType.HashOfMaps)]
    public void A_map_of_maps_keeps_the_maps_in_it(MapType type)
    {
        Privileged.Require();
        var inner = new MapSpec { Name = "t_inner", Type = MapType.Hash, KeySize = 4, ValueSize = 4, MaxEntries = 4 };
        using var template = BpfMap.Create(inner);
        using var outer = BpfMap.Create(new() { Name = "t_outer", Type = type, KeySize = 4, MaxEntries = 4 }, inner: template);
        Assert.Equal(4, outer.ValueSize);
        var id = PutOne(outer, inner);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var found = outer.OpenInner(Key(1));
        Assert.Equal(id, found!.Info.Id);
        Assert.Equal(7u, new Map<uint, uint>(found)[1]);
        Assert.Null(outer.OpenInner(Key(2)));
        Assert.True(outer.TryDelete(Key(1)));
        using var other = BpfMap.Create(new() { Name = "t_other", Type = MapType.Hash, KeySize = 8, ValueSize = 4, MaxEntries = 4 });
        Assert.Equal(Errno.Invalid, Assert.Throws<KernelException>(() => outer.Update(Key(1), other)).Errno);
    }

    [Fact]
    public void An_array_of_programs_takes_programs()
    {
        Privileged.Require();
        using var map = BpfMap.Create(new() { Name = "t_jumps", Type = MapType.ProgramArray, MaxEntries = 4 });
        using var program = Programs.Returning(1, ProgramType.SocketFilter);
        map.Update(Key(3), program);
        var id = new byte[4];
        Assert.True(map.TryLookup(Key(3), id));
        Assert.Equal(program.Info.Id, BitConverter.ToUInt32(id));
        Assert.True(map.TryDelete(Key(3)));
        Assert.False(map.TryLookup(Key(3), id));
    }

    [Theory]
    [InlineData(MapType.PerfEventArray, 0, 0, 0, 0)]
    [InlineData(MapType.StackTrace, 4, 80, 8, 0)]
    [InlineData(MapType.CgroupArray, 0, 0, 2, 0)]
    [InlineData(MapType.DeviceMap, 4, 4, 2, 0)]
    [InlineData(MapType.DeviceMapHash, 4, 4, 2, 0)]
    [InlineData(MapType.CpuMap, 4, 4, 2, 0)]
    [InlineData(MapType.XskMap, 4, 4, 2, 0)]
    [InlineData(MapType.SocketMap, 4, 8, 2, 0)]
    [InlineData(MapType.SocketHash, 8, 8, 2, 0)]
    [InlineData(MapType.ReuseportSocketArray, 4, 8, 2, 0)]
    [InlineData(MapType.RingBuffer, 0, 0, 5000, 0)]
    [InlineData(MapType.UserRingBuffer, 0, 0, 1, 0)]
    [InlineData(MapType.Arena, 0, 0, 4, 1024)]
    public void Maps_of_other_types_are_made_with_what_the_kernel_fixes(MapType type, uint key, uint value, uint entries, uint flags)
    {
        Privileged.Require();
        using var map = BpfMap.Create(new()
        {
            Name = "t_other",
            Type = type,
            KeySize = key,
            ValueSize = value,
            MaxEntries = entries,
            Flags = flags,
        });
        var info = map.Info;
        Assert.Equal((type, "t_other"), (info.Type, info.Name));
        Assert.Equal(map.Spec.MaxEntries, info.MaxEntries);
        Assert.Equal(type == MapType.RingBuffer ? 8192u : type == MapType.PerfEventArray ? (uint)PossibleProcessors.Count() : info.MaxEntries, info.MaxEntries);
        Assert.True(type != MapType.UserRingBuffer || info.MaxEntries == Environment.SystemPageSize);
    }

    [Fact]
    public void Storage_of_tasks_needs_types_and_the_error_says_so()
    {
        Privileged.Require();
        var spec = new MapSpec { Name = "t_task", Type = MapType.TaskStorage, KeySize = 4, ValueSize = 4, Flags = 1, KeyType = 1, ValueType = 1 };
        Assert.Contains("needs the types", Assert.Throws<KernelException>(() => BpfMap.Create(spec)).Message, StringComparison.Ordinal);
        using var types = BpfDescriptor.Of(LinuxKernel.Instance, FlowTypes.Load(LinuxKernel.Instance), "load types");
        using var map = BpfMap.Create(spec, types: types);
        Assert.Equal(MapType.TaskStorage, map.Info.Type);
    }

    private static byte[] Key(uint key) => BitConverter.GetBytes(key);

    // In a method of its own, so that nothing on the stack keeps the map.
    private static uint PutOne(BpfMap outer, MapSpec spec)
    {
        var inner = BpfMap.Create(spec);
        new Map<uint, uint>(inner)[1] = 7;
        outer.Update(Key(1), inner);
        return inner.Info.Id;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Prefix(uint Length, byte A, byte B, byte C, byte D);
}

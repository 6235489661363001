using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Maps;

public sealed class TypedMapTests
{
    private const int Many = 1000;

    [Fact]
    public void Operations_on_elements_take_no_memory_of_the_heap()
    {
        Privileged.Require();
        using var raw = BpfMap.Create(new() { Name = "t_alloc", Type = MapType.Hash, KeySize = 8, ValueSize = 16, MaxEntries = Many });
        var map = new Map<ulong, Pair>(raw);
        Assert.True(Work(map, Many));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(Work(map, Many));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_walk_takes_memory_once_and_not_for_each_element()
    {
        Privileged.Require();
        using var raw = BpfMap.Create(new() { Name = "t_walk", Type = MapType.Hash, KeySize = 8, ValueSize = 16, MaxEntries = Many });
        var map = new Map<ulong, Pair>(raw);
        for (ulong i = 0; i < Many; i++)
        {
            map[i] = new(i, ~i);
        }

        var walk = map.GetEnumerator();
        Assert.True(walk.MoveNext());
        _ = walk.Current;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (count, sum) = (1, walk.Current.Key);
        while (walk.MoveNext())
        {
            count++;
            sum += walk.Current.Value.First;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((Many, (ulong)(Many * (Many - 1) / 2)), (count, sum));
    }

    [Fact]
    public void Each_processor_has_its_own_value()
    {
        Privileged.Require();
        using var raw = BpfMap.Create(new() { Name = "t_percpu", Type = MapType.PerCpuHash, KeySize = 4, ValueSize = 4, MaxEntries = 8 });
        var map = new PerCpuMap<uint, int>(raw);
        var values = Enumerable.Range(100, map.Processors).ToArray();
        map.Update(7, values);
        var read = new int[map.Processors];
        Assert.True(map.TryGet(7, read));
        Assert.Equal(values, read);
        var before = GC.GetAllocatedBytesForCurrentThread();
        map.Update(7, values);
        var found = map.TryGet(7, read);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(found);
        foreach (var element in map)
        {
            Assert.Equal(7u, element.Key);
            element.CopyValues(read);
            Assert.Equal(values, read);
        }

        Assert.Throws<ArgumentException>(() => map.TryGet(7, new int[map.Processors + 1]));
        Assert.True(map.Remove(7));
        Assert.False(map.TryGet(7, read));
    }

    [Fact]
    public void Batches_take_no_memory_of_the_heap()
    {
        Privileged.Require();
        using var raw = BpfMap.Create(new() { Name = "t_batches", Type = MapType.Hash, KeySize = 8, ValueSize = 16, MaxEntries = Many });
        var map = new Map<ulong, Pair>(raw);
        var (keys, values, cursor) = (new ulong[Many], new Pair[Many], raw.NewCursor());
        for (var i = 0; i < Many; i++)
        {
            keys[i] = (ulong)i;
        }

        var (before, read) = (0L, 0);
        for (var round = 0; round < 2; round++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            map.UpdateBatch(keys, values);
            cursor.Reset();
            read = map.ReadBatch(cursor, keys, values);
            map.DeleteBatch(keys);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(Many, read);
    }

    [Fact]
    public void A_type_of_another_size_is_refused()
    {
        Privileged.Require();
        using var raw = BpfMap.Create(new() { Name = "t_size", Type = MapType.Hash, KeySize = 4, ValueSize = 12, MaxEntries = 8 });
        var error = Assert.Throws<MapMismatchException>(() => new Map<ulong, Pair>(raw));
        Assert.Equal(["UInt64 has 8 bytes, but its key has 4", "Pair has 16 bytes, but its value has 12"], error.Differences);
    }

    [Fact]
    public void A_structure_whose_fields_lie_elsewhere_is_refused_and_the_fields_are_named()
    {
        Privileged.Require();
        using var raw = BpfMap.Create(FlowMap());
        _ = new Map<Flow, uint>(raw);
        _ = new Map<Renamed, uint>(raw);
        var error = Assert.Throws<MapMismatchException>(() => new Map<Swapped, uint>(raw));
        Assert.Equal(
            ["key: Swapped.TargetPort begins at byte 4, but target_port of flow at byte 6", "key: Swapped.SourcePort begins at byte 6, but source_port of flow at byte 4"],
            error.Differences);
        error = Assert.Throws<MapMismatchException>(() => new Map<Misfit, uint>(raw));
        Assert.Equal(
            ["key: Misfit.Address has 2 bytes, but address of flow has 4", "key: Misfit.Middle begins at byte 2, where no member of flow does"],
            error.Differences);
        error = Assert.Throws<MapMismatchException>(() => new Map<Nested, uint>(raw));
        Assert.Equal(["key: Nested.Address has 2 bytes, but address of flow has 4"], error.Differences);
        _ = new Map<Addressed, uint>(raw);
    }

    [Fact]
    public void Types_that_the_kernel_keeps_are_compared_when_a_map_is_opened()
    {
        Privileged.Require();
        using var types = Weft.Bpf.Kernel.BpfDescriptor.Of(
            Weft.Bpf.Kernel.LinuxKernel.Instance, FlowTypes.Load(Weft.Bpf.Kernel.LinuxKernel.Instance), "load types");
        using var made = BpfMap.Create(FlowMap(), types: types);
        using var opened = BpfMap.OpenById(made.Info.Id);
        Assert.Null(opened.Spec.Types);
        _ = new Map<Flow, uint>(opened);
        Assert.Throws<MapMismatchException>(() => new Map<Swapped, uint>(opened));
    }

    private static MapSpec FlowMap() => new()
    {
        Name = "t_flow",
        Type = MapType.Hash,
        KeySize = 8,
        ValueSize = 4,
        MaxEntries = 8,
        Types = BtfSpec.Parse(FlowTypes.Bytes),
        KeyType = FlowTypes.Flow,
        ValueType = FlowTypes.Number,
    };

    // Not inlined, so that both calls run the same code.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Work(Map<ulong, Pair> map, int count)
    {
        var good = true;
        for (ulong i = 0; i < (ulong)count; i++)
        {
            map[i] = new(i, i + 1);
            good &= map.TryGet(i, out var value) && value.Second == i + 1;
            good &= !map.TryUpdate(i, value, MapUpdate.NotExisting);
            good &= map.Remove(i);
            good &= !map.TryGet(i, out _);
        }

        return good;
    }

    private readonly record struct Pair(ulong First, ulong Second);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Flow(uint Address, ushort SourcePort, ushort TargetPort);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Renamed(uint Where, ushort From, ushort To);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Swapped(uint Address, ushort TargetPort, ushort SourcePort);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Misfit(ushort Address, ushort Middle, ushort SourcePort, ushort TargetPort);

    [StructLayout(LayoutKind.Explicit, Size = 8)]
    private record struct Nested([field: FieldOffset(0)] Half Address);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Half(byte First, byte Second);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Addressed(Two Address, Half SourcePort, Half TargetPort);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Two(Half First, Half Second);
}

using Weft.Bpf;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Maps;

public sealed class MapMemoryTests
{
    [Fact]
    public void Memory_and_system_calls_see_the_same_values()
    {
        Privileged.Require();
        using var raw = Make(12, 3);
        using var memory = raw.OpenMemory();
        Assert.Equal((16, 48), (memory.Stride, memory.Length));
        memory.Write(16, 0x1122334455667788ul);
        memory.Write<byte>(24, 9);
        memory.Write(17, (1, 2));
        var value = new byte[12];
        Assert.True(raw.TryLookup([1, 0, 0, 0], value));
        Assert.Equal([0x88, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0], value);
        raw.Update([2, 0, 0, 0], [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]);
        Assert.Equal(2, memory.Read<int>(36));
        Assert.Equal((1, 2, 3), memory.Read<(int, int, int)>(32));
        memory.Read(40, value.AsSpan(0, 4));
        Assert.Equal([3, 0, 0, 0], value.AsSpan(0, 4).ToArray());
    }

    [Fact]
    public void Nothing_outside_is_read_or_written()
    {
        Privileged.Require();
        using var raw = Make(8, 1);
        var memory = raw.OpenMemory();
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Read<ulong>(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Read<ulong>(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Read<byte>(8));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Write(long.MaxValue, 1ul));
        using (var readOnly = raw.OpenMemory(isWritable: false))
        {
            Assert.Throws<InvalidOperationException>(() => readOnly.Write(0, 1));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        memory.Write(0, 5ul);
        var five = memory.Read<ulong>(0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(5ul, five);
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Read<ulong>(0));
    }

    [Fact]
    public void A_map_that_is_not_mappable_says_so()
    {
        Privileged.Require();
        using var map = BpfMap.Create(new() { Name = "t_plain", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        Assert.Contains("BPF_F_MMAPABLE", Assert.Throws<KernelException>(() => map.OpenMemory()).Message, StringComparison.Ordinal);
        using var hash = BpfMap.Create(new() { Name = "t_hash", Type = MapType.Hash, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        Assert.Throws<InvalidOperationException>(() => hash.OpenMemory());
    }

    [Fact]
    public void A_duplicate_outlives_what_it_was_made_of_and_a_closed_map_refuses()
    {
        Privileged.Require();
        var map = Make(8, 1);
        using var other = map.Duplicate();
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.TryLookup(new byte[4], new byte[8]));
        Assert.True(other.TryLookup(new byte[4], new byte[8]));
        Assert.Throws<ArgumentException>(() => other.TryLookup(new byte[3], new byte[8]));
        Assert.Throws<ArgumentException>(() => other.Update(new byte[4], new byte[7]));
    }

    private static BpfMap Make(uint size, uint entries) => BpfMap.Create(new()
    {
        Name = "t_memory",
        Type = MapType.Array,
        KeySize = 4,
        ValueSize = size,
        MaxEntries = entries,
        Flags = MapCreateFlags.Mappable,
    });
}

using System.Buffers.Binary;
using Weft.Bpf;

namespace Weft.Kernel.Tests.Readers;

public sealed class RingViewTests
{
    private const int Size = 256;
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;

    [Fact]
    public void A_record_that_is_not_finished_stops_those_behind_it()
    {
        using var memory = new RingMemory(Size);
        Put(memory, 0, 8);
        Put(memory, 16, 8 | Busy);
        Put(memory, 32, 8);
        memory.Producer = 48;
        Assert.Equal([0], Read(memory));
        Assert.Equal(16ul, memory.Consumer);
        Assert.Empty(Read(memory));
        Put(memory, 16, 8);
        Assert.Equal([16, 32], Read(memory));
        Assert.Equal(48ul, memory.Consumer);
    }

    [Fact]
    public void A_discarded_record_is_passed_over()
    {
        using var memory = new RingMemory(Size);
        Put(memory, 0, 5 | Discarded);
        Put(memory, 16, 0);
        memory.Producer = 24;
        Assert.Equal([16], Read(memory));
        Assert.Equal(24ul, memory.Consumer);
    }

    [Fact]
    public void Positions_may_pass_the_largest_number()
    {
        using var memory = new RingMemory(Size);
        memory.Consumer = ulong.MaxValue - 15;
        Put(memory, Size - 16, 8);
        Put(memory, 0, 8);
        memory.Producer = 16;
        Assert.Equal([Size - 16, 0], Read(memory));
        Assert.Equal(16ul, memory.Consumer);
    }

    [Theory]
    [InlineData(0, Size + 8, 8)]
    [InlineData(16, 8, 8)]
    [InlineData(0, 12, 4)]
    [InlineData(0, 16, 9)]
    [InlineData(0, 16, 0x3FFFFFFF)]
    [InlineData(0, 16, 0x7FFFFFFF)]
    public void What_cannot_be_is_corrupt(ulong consumer, ulong producer, uint length)
    {
        using var memory = new RingMemory(Size);
        Put(memory, (int)consumer, length);
        (memory.Consumer, memory.Producer) = (consumer, producer);
        Assert.Throws<RingCorruptException>(() => Read(memory));
    }

    [Fact]
    public void One_call_reads_no_more_than_the_ring_has()
    {
        using var memory = new RingMemory(Size);
        for (var at = 0; at < Size; at += 16)
        {
            Put(memory, at, 8);
        }

        memory.Producer = Size;
        var handler = new Endless(memory);
        Assert.Equal(Size / 16, memory.Ring.Consume(ref handler));
        Assert.Equal((ulong)Size, memory.Consumer);
    }

    private static void Put(RingMemory memory, int at, uint length) =>
        BinaryPrimitives.WriteUInt32LittleEndian(memory.Data[at..], length);

    private static List<int> Read(RingMemory memory)
    {
        var handler = new Places(memory, []);
        memory.Ring.Consume(ref handler);
        return handler.Seen;
    }

    /// <summary>Where records begin in the ring.</summary>
    private readonly struct Places(RingMemory memory, List<int> seen) : IRingRecordHandler
    {
        public List<int> Seen => seen;

        public void Record(ReadOnlySpan<byte> record)
        {
            memory.Data.Overlaps(record.Length == 0 ? memory.Data[..1] : record, out var at);
            seen.Add(record.Length == 0 ? 16 : at - 8);
        }
    }

    /// <summary>A program that writes as fast as its records are read.</summary>
    private readonly struct Endless(RingMemory memory) : IRingRecordHandler
    {
        public void Record(ReadOnlySpan<byte> record) => memory.Producer += 16;
    }
}

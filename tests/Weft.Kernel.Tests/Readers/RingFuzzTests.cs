using System.Buffers.Binary;
using Weft.Bpf;
using Xunit.Sdk;

namespace Weft.Kernel.Tests.Readers;

/// <summary>
/// Rings whose contents are anything: what is handed on lies in the ring, it ends, and all that goes wrong is one exception.
/// </summary>
public sealed class RingFuzzTests
{
    private const int Size = 512;
    private const int Inputs = 20_000;
    private const int Seed = 4711;

    [Fact]
    public void A_damaged_ring_buffer_gives_records_in_it_or_one_exception()
    {
        var random = new Random(Seed);
        using var memory = new RingMemory(Size);
        var (records, corrupt) = (0, 0);
        for (var input = 0; input < Inputs; input++)
        {
            Fill(memory, random, static (at, length, random) => at[..4].WriteNumber(length | Flags(random)));
            memory.Data[..Size].CopyTo(memory.Data[Size..]);
            var handler = new Inside(memory, Size * 2);
            Try(input, ref corrupt, () => memory.Ring.Consume(ref handler));
            records += handler.Count;
            Assert.True(handler.Bytes <= Size, $"input {input} of seed {Seed}: {handler.Bytes} bytes");
        }

        Assert.True(records > Inputs && corrupt > Inputs / 10, $"{records} records, {corrupt} corrupt");
    }

    [Fact]
    public void A_damaged_perf_buffer_gives_records_in_it_or_one_exception()
    {
        var random = new Random(Seed);
        using var memory = new RingMemory(Size);
        var whole = new byte[PerfRingView.MaxRecord];
        var (records, corrupt) = (0, 0);
        ulong lost = 0;
        for (var input = 0; input < Inputs; input++)
        {
            Fill(memory, random, static (at, length, random) =>
            {
                BinaryPrimitives.WriteUInt32LittleEndian(at, random.Next(8) == 0 ? 2u : 9u);
                BinaryPrimitives.WriteUInt16LittleEndian(at[6..], (ushort)(length + 8));
                at[8..].WriteNumber(random.Next(16) == 0 ? (uint)random.Next() : Math.Max(length, 4) - 4);
            });
            var handler = new Inside(null, 0);
            Try(input, ref corrupt, () => memory.Perf.Consume(ref handler, 0, whole, ref lost));
            records += handler.Count;
            Assert.True(handler.Bytes <= Size, $"input {input} of seed {Seed}: {handler.Bytes} bytes");
        }

        Assert.True(records > Inputs && corrupt > Inputs / 10, $"{records} records, {corrupt} corrupt");
    }

    private delegate void Header(Span<byte> at, uint length, Random random);

    /// <summary>Records as they should be from a position on, then a few bytes and positions changed.</summary>
    private static void Fill(RingMemory memory, Random random, Header write)
    {
        random.NextBytes(memory.Data);
        var start = (ulong)random.NextInt64() & ~7ul;
        var end = start;
        while (end - start < Size)
        {
            var length = Math.Min((uint)random.Next(0, 12) * 8, (uint)(Size - (end - start) - 8));
            var at = memory.Data[(int)(end % Size)..];
            write(at, length, random);

            // The double of the data, where a header may begin at the end.
            end += length + 8;
        }

        for (var changes = random.Next(0, 3); changes > 0; changes--)
        {
            memory.Data[random.Next(Size)] = (byte)random.Next();
        }

        (memory.Consumer, memory.Producer) = random.Next(10) switch
        {
            0 => ((ulong)random.NextInt64(), (ulong)random.NextInt64()),
            1 => (start + (ulong)random.Next(16), end),
            2 => (start, end + (ulong)random.Next(32)),
            _ => (start, end),
        };
    }

    private static uint Flags(Random random) => random.Next(16) switch { 0 => 1u << 31, 1 => 1u << 30, _ => 0 };

    private static void Try(int input, ref int corrupt, Action read)
    {
        try
        {
            read();
        }
        catch (BpfException)
        {
            corrupt++;
        }
        catch (Exception e) when (e is not XunitException)
        {
            Assert.Fail($"input {input} of seed {Seed}: {e}");
        }
    }

    private struct Inside(RingMemory? memory, int size) : IRingRecordHandler, IPerfRecordHandler
    {
        public int Count;
        public int Bytes;

        public void Record(ReadOnlySpan<byte> record)
        {
            Assert.True(memory is null || memory.Has(record, size));
            Count++;
            Bytes += record.Length;

            // Every byte is read: what is not mapped would show.
            foreach (var value in record)
            {
                Bytes += value & 0;
            }
        }

        public void Record(int cpu, ReadOnlySpan<byte> record) => Record(record);

        public readonly void Lost(int cpu, ulong count)
        {
            // Nothing to see.
        }
    }
}

file static class Numbering
{
    public static void WriteNumber(this Span<byte> at, uint number) => BinaryPrimitives.WriteUInt32LittleEndian(at, number);
}

using System.Buffers.Binary;
using Weft.Bpf;
using Weft.Testing;

namespace Weft.Kernel.Tests.Readers;

/// <summary>The writing side of a ring, in plain memory, against a reader as the kernel's is.</summary>
public sealed class UserRingViewTests
{
    private const int Size = 256;
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;

    [Fact]
    public void A_record_is_busy_until_it_is_submitted()
    {
        using var memory = new RingMemory(Size);
        Assert.True(memory.UserRing.TryReserve(5, out var position));
        Assert.Equal((0ul, 16ul, 5 | Busy), (position, memory.Producer, Header(memory, 0)));
        Assert.True(memory.UserRing.TryFinish(position, 5, isDiscarded: false));
        Assert.Equal(5u, Header(memory, 0));
        Assert.True(memory.UserRing.TryReserve(0, out position));
        Assert.True(memory.UserRing.TryFinish(position, 0, isDiscarded: true));
        Assert.Equal(Discarded, Header(memory, 16));
    }

    [Fact]
    public void A_record_is_finished_once_though_another_has_its_place()
    {
        using var memory = new RingMemory(Size);
        Assert.True(memory.UserRing.TryReserve(Size - 8, out var first));
        Assert.True(memory.UserRing.TryFinish(first, Size - 8, isDiscarded: false));
        Assert.False(memory.UserRing.TryFinish(first, Size - 8, isDiscarded: true));
        Assert.False(memory.UserRing.TryReserve(0, out _));
        memory.Consumer = Size;
        Assert.True(memory.UserRing.TryReserve(Size - 8, out var second));
        Assert.False(memory.UserRing.TryFinish(first, Size - 8, isDiscarded: true));
        Assert.True(memory.UserRing.IsOpen(second, Size - 8));
    }

    [Theory]
    [InlineData(0, Size + 8)]
    [InlineData(8, 0)]
    [InlineData(0, 4)]
    public void Positions_that_cannot_be_are_corrupt_and_nothing_is_written(ulong consumer, ulong producer)
    {
        using var memory = new RingMemory(Size);
        (memory.Consumer, memory.Producer) = (consumer, producer);
        Assert.Throws<RingCorruptException>(() => memory.UserRing.TryReserve(8, out _));
        Assert.Throws<RingCorruptException>(() => memory.UserRing.Free);
        Assert.Equal((producer, -1), (memory.Producer, memory.Data.IndexOfAnyExcept((byte)0)));
    }

    /// <summary>Random scripts of reserving, finishing and draining, against a queue.</summary>
    [Fact]
    [Trait(Soak.Trait, "true")]
    public void The_kernel_reads_what_was_submitted_in_the_order_in_which_it_was_reserved()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        for (var script = 0; script < Soak.Runs(500, 100_000); script++)
        {
            using var memory = new RingMemory(Size);
            memory.Consumer = memory.Producer = (ulong)random.NextInt64(long.MinValue, long.MaxValue) & ~7ul;
            var model = new Queue<Reserved>();
            for (var step = 0; step < 200; step++)
            {
                Step(memory, model, random, $"seed {seed}, script {script}, step {step}");
            }
        }
    }

    private static void Step(RingMemory memory, Queue<Reserved> model, Random random, string where)
    {
        var open = model.Where(r => r.State == Busy).ToList();
        switch (random.Next(3))
        {
            case 0:
                var (length, used) = (random.Next(memory.UserRing.MaxLength / 2), model.Sum(r => r.Step));
                var fits = ((length + 15) & ~7) <= Size - used;
                Assert.True(fits == memory.UserRing.TryReserve(length, out var position), where);
                if (fits)
                {
                    var record = new Reserved(position, length, (byte)random.Next());
                    memory.UserRing.Record(position, length).Fill(record.Fill);
                    model.Enqueue(record);
                }

                break;
            case 1 when open.Count > 0:
                var finished = open[random.Next(open.Count)];
                finished.State = random.Next(3) == 0 ? Discarded : 0;
                Assert.True(memory.UserRing.TryFinish(finished.Position, finished.Length, finished.State == Discarded), where);
                break;
            default:
                while (model.TryPeek(out var first) && first.State != Busy)
                {
                    Drained(memory, model.Dequeue(), where);
                }

                Assert.True(model.Count == 0 || (Header(memory, memory.Consumer) & Busy) != 0, where);
                break;
        }
    }

    // As __bpf_user_ringbuf_peek of the kernel does.
    private static void Drained(RingMemory memory, Reserved wanted, string where)
    {
        var header = Header(memory, memory.Consumer);
        Assert.True(wanted.Position == memory.Consumer && header == ((uint)wanted.Length | wanted.State), where);
        var bytes = memory.Data.Slice((int)(memory.Consumer % Size) + 8, wanted.Length);
        Assert.True(bytes.IndexOfAnyExcept(wanted.Fill) < 0, where);
        memory.Consumer += (ulong)wanted.Step;
    }

    private static uint Header(RingMemory memory, ulong position) =>
        BinaryPrimitives.ReadUInt32LittleEndian(memory.Data[(int)(position % Size)..]);

    private sealed class Reserved(ulong position, int length, byte fill)
    {
        public ulong Position => position;

        public int Length => length;

        public byte Fill => fill;

        public int Step => (length + 15) & ~7;

        public uint State { get; set; } = Busy;
    }
}

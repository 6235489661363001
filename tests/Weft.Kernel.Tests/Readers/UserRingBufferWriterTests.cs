using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Kernel.Tests.Links;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Readers;

public sealed class UserRingBufferWriterTests
{
    private const int RingSize = 4096;

    [Fact]
    public void What_is_submitted_is_drained_in_order_and_what_is_discarded_is_not()
    {
        using var stage = new Stage();
        for (var number = 1L; number <= 4; number++)
        {
            Assert.True(stage.Writer.TryReserve(8, out var record));
            MemoryMarshal.Write(record.Bytes, number);
            if (number == 2)
            {
                record.Discard();
            }
            else
            {
                record.Submit();
            }
        }

        Assert.Equal(RingSize - (4 * 16), stage.Writer.FreeBytes);
        Assert.Equal(3u, stage.Drain());
        Assert.Equal([(8, 1, 0), (8, 3, 0), (8, 4, 0)], stage.Echoes());
        Assert.Equal(RingSize, stage.Writer.FreeBytes);
    }

    [Fact]
    public void A_record_that_is_reserved_holds_up_those_behind_it()
    {
        using var stage = new Stage();
        Assert.True(stage.Writer.TryReserve(4, out var first));
        first.Bytes.Fill(1);
        Assert.True(stage.Writer.TryWrite([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
        Assert.Equal(0u, stage.Drain());
        first.Submit();
        Assert.Equal(2u, stage.Drain());
        Assert.Equal([(4, 0x01010101, 0), (16, 2, 0x0100000000000000)], stage.Echoes());
        Exception? error = null;
        try
        {
            first.Submit();
        }
        catch (InvalidOperationException e)
        {
            error = e;
        }

        Assert.NotNull(error);
    }

    [Fact]
    public void A_record_that_is_left_is_discarded()
    {
        using var stage = new Stage();
        Assert.True(stage.Writer.TryReserve(8, out var record));
        using (record)
        {
            record.Bytes.Clear();
        }

        Assert.True(stage.Writer.TryReserve(8, out record));
        using (record)
        {
            MemoryMarshal.Write(record.Bytes, 5L);
            record.Submit();
        }

        Assert.Equal(1u, stage.Drain());
        Assert.Equal([(8, 5, 0)], stage.Echoes());
    }

    [Fact]
    public void Records_arrive_whole_however_often_the_ring_turns_and_nothing_is_allocated_for_them()
    {
        using var stage = new Stage();
        var (sent, taken) = (0L, 0L);
        var before = 0L;
        for (var round = 0; round < 100; round++)
        {
            // Not a divisor of what fits, so that records begin everywhere.
            before = round == 50 ? GC.GetAllocatedBytesForCurrentThread() : before;
            for (var i = 0; i < 101; i++)
            {
                Assert.True(stage.Writer.TryReserve(16, out var record));
                MemoryMarshal.Write(record.Bytes, ++sent);
                MemoryMarshal.Write(record.Bytes[8..], ~sent);
                record.Submit();
            }

            if (round == 50)
            {
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.Equal(101u, stage.Drain());
            foreach (var echo in stage.Echoes())
            {
                taken++;
                Assert.Equal((16, taken, ~taken), echo);
            }
        }

        Assert.Equal(sent, taken);
    }

    [Fact]
    public void A_full_ring_takes_nothing_and_what_can_never_fit_is_an_error()
    {
        using var stage = new Stage();
        Assert.True(stage.Writer.TryWrite(new byte[stage.Writer.MaxRecordSize]));
        Assert.False(stage.Writer.TryWrite([]));
        Assert.False(stage.Writer.TryWrite([1], TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => stage.Writer.TryWrite(new byte[RingSize - 7]));
        Assert.Equal(1u, stage.Drain());
        Assert.True(stage.Writer.TryWrite([1]));
    }

    [Fact]
    public async Task Waiting_for_room_ends_by_a_drain_by_waking_and_by_disposing()
    {
        using var stage = new Stage();
        Assert.True(stage.Writer.TryWrite(new byte[RingSize - 24]));
        var waiting = await stage.Wait(64);
        stage.Writer.Wake();
        Assert.False(await waiting);
        waiting = await stage.Wait(64);
        Assert.Equal(1u, stage.Drain());
        Assert.True(await waiting);
        Assert.Equal(1u, stage.Drain());
        Assert.True(stage.Writer.TryWrite(new byte[RingSize - 8]));
        waiting = await stage.Wait(64);
        stage.Writer.Dispose();
        Assert.False(await waiting);
        Assert.Throws<ObjectDisposedException>(() => stage.Writer.TryWrite([1]));
        Assert.Throws<ObjectDisposedException>(() => stage.Writer.FreeBytes);
    }

    [Fact]
    public async Task No_room_is_missed_between_two_writers_and_a_program_that_drains()
    {
        const int Rounds = 5000;
        using var stage = new Stage();
        using var written = new SemaphoreSlim(0);
        var writers = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    // Two do not fit beside each other.
                    Assert.True(stage.Writer.TryWrite(new byte[3000], Numbers.Bound));
                    written.Release();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        for (var i = 0; i < 2 * Rounds; i++)
        {
            Assert.True(await written.WaitAsync(Numbers.Bound));
            Assert.Equal(1u, stage.Drain());
        }

        await Task.WhenAll(writers);
    }

    [Fact]
    public void The_memory_stays_while_a_record_is_reserved()
    {
        using var stage = new Stage();
        Assert.True(stage.Writer.TryReserve(8, out var record));
        stage.Writer.Dispose();
        MemoryMarshal.Write(record.Bytes, 9L);
        record.Submit();
        Assert.Equal(1u, stage.Drain());
        Assert.Equal([(8, 9, 0)], stage.Echoes());
        record.Dispose();
    }

    [Fact]
    public void The_ring_goes_on_where_libbpf_has_left_it_and_the_other_way_round()
    {
        using var stage = new Stage();
        using var other = new LibbpfUserRing(stage.Map);
        var taken = 0;
        for (var number = 1L; number <= 300; number++)
        {
            var bytes = BitConverter.GetBytes(number);
            while (!(number % 2 == 0 ? stage.Writer.TryWrite(bytes) : other.Write(bytes)))
            {
                Assert.Equal(256u, stage.Drain());
                taken += stage.Echoes().Count;
            }
        }

        Assert.Equal(44u, stage.Drain());
        Assert.Equal([.. Enumerable.Range(257, 44).Select(number => (8, (long)number, 0L))], stage.Echoes());
        Assert.Equal(256, taken);
    }

    [Fact]
    public void A_system_call_can_drain_it()
    {
        using var stage = new Stage();
        using var link = Attach.Auto(stage.Object.Programs["on_call"]);
        Assert.True(stage.Writer.TryWrite(BitConverter.GetBytes(11L)));
        Native.Parent();
        Assert.Equal([(8, 11, 0)], stage.Echoes());
    }

    [Fact]
    public void Another_map_is_refused()
    {
        Privileged.Require();
        using var map = TestProgram.Ring();
        Assert.Throws<ArgumentException>(() => new UserRingBufferWriter(map));
    }

    /// <summary>The ring, its writer, and a program that drains it and tells what it found.</summary>
    private sealed class Stage : IDisposable
    {
        private readonly WatchedKernel _kernel = new();
        private readonly RingBufferReader _echoes;

        public Stage()
        {
            Privileged.Require();
            Object = BpfObject.Load(ObjectSpec.Parse(Clang.Compile("user_ring.bpf.c")));
            Map = Object.Maps["commands"];
            Writer = new(new BpfMap(_kernel, Map.Descriptor, Map.Spec));
            _echoes = new(Object.Maps["echoes"]);
        }

        public BpfObject Object { get; }

        public BpfMap Map { get; }

        public UserRingBufferWriter Writer { get; }

        public uint Drain() => Object.Programs["drain"].TestRun(new byte[14]).Result;

        public List<(int Size, long First, long Second)> Echoes()
        {
            var echoes = new List<(int, long, long)>();
            _echoes.Consume(record =>
            {
                var numbers = MemoryMarshal.Cast<byte, long>(record);
                echoes.Add(((int)numbers[0], numbers[1], numbers[2]));
            });
            return echoes;
        }

        /// <summary>Writes on another thread, once that waits.</summary>
        public Task<Task<bool>> Wait(int size) => _kernel.Wait(() => Writer.TryWrite(new byte[size], Timeout.InfiniteTimeSpan));

        public void Dispose()
        {
            Writer.Dispose();
            _echoes.Dispose();
            Object.Dispose();
        }
    }
}

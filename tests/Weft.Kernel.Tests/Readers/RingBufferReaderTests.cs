using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Kernel.Tests.Links;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Readers;

public sealed class RingBufferReaderTests
{
    private const int RingSize = 4096;

    // A record of sixteen bytes with its header.
    private const int Step = 24;

    [Fact]
    public void A_record_of_a_raw_tracepoint_is_read()
    {
        Privileged.Require();
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        using var program = TestProgram.Load(
            ProgramType.RawTracepoint, [.. Code.OnlyFor(Native.Thread()), .. Code.Send(map, 7), .. Code.Exit(0)]);
        using var link = Attach.RawTracepoint(program, "sys_enter");
        Native.Parent();
        Assert.Equal(7, Numbers.Next(reader));
    }

    [Fact]
    public void Records_are_read_in_order_and_whole_however_often_the_ring_turns()
    {
        using var stage = new Stage();
        var (next, last) = (0L, 0L);
        var lengths = new HashSet<int>();
        for (var round = 0; round < 200; round++)
        {
            // Not a divisor of what fits, so that records begin everywhere.
            stage.Send(101);
            Assert.Equal(101 * Step, stage.Reader.AvailableBytes);
            next += stage.Reader.Consume(record =>
            {
                lengths.Add(record.Length);
                var number = MemoryMarshal.Read<long>(record);
                Assert.Equal(last + 1, number);
                Assert.Equal(42, MemoryMarshal.Read<long>(record[8..]));
                last = number;
            });
            Assert.Equal(0, stage.Reader.AvailableBytes);
        }

        Assert.Equal((20_200, 20_200), (next, last));
        Assert.Equal([16], lengths);
    }

    [Fact]
    public void Reading_allocates_nothing_for_a_record()
    {
        using var stage = new Stage();
        var sum = default(Sum);
        RingRecordHandler handler = _ => { };
        for (var round = 0; round < 3; round++)
        {
            stage.Send(100);
            stage.Reader.Consume(ref sum);
            stage.Send(100);
            stage.Reader.Poll(handler, TimeSpan.Zero);
        }

        stage.Send(50);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = stage.Reader.Poll(handler, TimeSpan.Zero);
        stage.Reader.Poll(ref sum, TimeSpan.Zero);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(50, count);
        Assert.Equal(300, sum.Count);
    }

    [Fact]
    public void What_does_not_fit_is_not_there_and_what_follows_is_read()
    {
        using var stage = new Stage();
        stage.Send(10_000);
        Assert.Equal(RingSize / Step, stage.Reader.Consume(_ => { }));
        stage.Send(1);
        long number = 0;
        Assert.Equal(1, stage.Reader.Consume(record => number = MemoryMarshal.Read<long>(record)));
        Assert.Equal(10_001, number);
    }

    [Fact]
    public void A_record_counts_as_read_when_its_handler_throws()
    {
        using var stage = new Stage();
        stage.Send(2);
        Assert.Throws<TimeZoneNotFoundException>(() => stage.Reader.Consume(_ => throw new TimeZoneNotFoundException()));
        long number = 0;
        Assert.Equal(1, stage.Reader.Consume(record => number = MemoryMarshal.Read<long>(record)));
        Assert.Equal(2, number);
    }

    [Fact]
    public void A_handler_cannot_read_but_may_dispose_the_reader()
    {
        using var stage = new Stage();
        stage.Send(1);
        Assert.Throws<InvalidOperationException>(() => stage.Reader.Consume(_ => stage.Reader.Consume(_ => { })));
        stage.Send(3);
        var sum = 0;
        Assert.Equal(3, stage.Reader.Poll(
            record =>
            {
                stage.Reader.Dispose();
                sum += record[8];
            },
            Timeout.InfiniteTimeSpan));
        Assert.Equal(3 * 42, sum);
        Assert.Throws<ObjectDisposedException>(() => stage.Reader.Consume(_ => { }));
        Assert.Throws<ObjectDisposedException>(() => stage.Reader.AvailableBytes);
        stage.Reader.Wake();
    }

    [Fact]
    public async Task Waiting_ends_by_a_record_by_waking_and_by_disposing()
    {
        using var stage = new Stage();
        stage.Reader.Wake();
        Assert.Equal(0, stage.Reader.Poll(_ => { }, Timeout.InfiniteTimeSpan));
        Assert.Equal(0, stage.Reader.Poll(_ => { }, TimeSpan.FromMilliseconds(1)));
        var waiting = await stage.Wait();
        stage.Send(1);
        Assert.Equal(1, await waiting);
        waiting = await stage.Wait();
        stage.Reader.Wake();
        Assert.Equal(0, await waiting);
        waiting = await stage.Wait();
        stage.Reader.Dispose();
        Assert.Equal(0, await waiting);
    }

    [Fact]
    public async Task No_wakeup_is_missed_between_a_program_and_a_reader_on_two_threads()
    {
        const int Rounds = 5000;
        using var stage = new Stage();
        using var taken = new SemaphoreSlim(1);
        var sending = Task.Run(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                taken.Wait();
                stage.Send(1);
            }
        });
        for (var i = 0; i < Rounds; i++)
        {
            Assert.Equal(1, stage.Reader.Poll(_ => taken.Release(), Numbers.Bound));
        }

        await sending;
    }

    [Fact]
    public async Task Records_are_enumerated_until_it_is_cancelled_or_disposed()
    {
        using var stage = new Stage();
        using var cancel = new CancellationTokenSource();
        stage.Send(3);
        var seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var record in stage.Reader.ReadAllAsync(cancel.Token))
            {
                Assert.Equal(++seen, MemoryMarshal.Read<long>(record));
                switch (seen)
                {
                    case 3:
                        stage.Send(1);
                        break;
                    case 4:
                        await cancel.CancelAsync();
                        break;
                }
            }
        });
        Assert.Equal(4, seen);
        stage.Send(2);
        await foreach (var _ in stage.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            seen++;
            stage.Reader.Dispose();
        }

        Assert.Equal(6, seen);
    }

    [Fact]
    public async Task A_reader_is_disposed_while_nobody_takes_what_it_enumerates()
    {
        using var stage = new Stage(1 << 16);
        stage.Send(2000);
        await foreach (var _ in stage.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            stage.Reader.Dispose();
            break;
        }
    }

    [Fact]
    public void Another_map_is_refused()
    {
        Privileged.Require();
        using var map = BpfMap.Create(new() { Name = "array", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        Assert.Throws<ArgumentException>(() => new RingBufferReader(map));
    }

    private struct Sum : IRingRecordHandler
    {
        public int Count;

        public void Record(ReadOnlySpan<byte> record) => Count++;
    }

    /// <summary>A ring, its reader, and a program that writes as often as it is told: a number that grows, and 42.</summary>
    private sealed class Stage : IDisposable
    {
        private readonly WatchedKernel _kernel = new();
        private readonly BpfMap _map;
        private readonly BpfMap _counter;
        private readonly BpfProgram _program;

        public Stage(uint size = RingSize)
        {
            Privileged.Require();
            _map = TestProgram.Ring(size);
            _counter = BpfMap.Create(new() { Name = "counter", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
            Reader = new(new BpfMap(_kernel, _map.Descriptor, _map.Spec));
            _program = TestProgram.Load(
                ProgramType.SocketFilter,
                [
                    // The map's value itself; the counter is counted on whether the record fits or not.
                    new(0x18, 6, 2, 0, _counter.Descriptor.Number), default, Code.Load(7, 6, 0), Code.Add(7, 1), Code.Store(6, 0, 7),
                    .. Code.Send(_map, 42), .. Code.Exit(0),
                ]);
        }

        public RingBufferReader Reader { get; }

        /// <summary>Polls on another thread, once that waits.</summary>
        public Task<Task<int>> Wait() => _kernel.Wait(() => Reader.Poll(_ => { }, Timeout.InfiniteTimeSpan));

        public void Send(int times) => TestRun.Repeat(_program, times);

        public void Dispose()
        {
            Reader.Dispose();
            _program.Dispose();
            _counter.Dispose();
            _map.Dispose();
        }
    }
}

using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Links;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Readers;

public sealed class PerfBufferReaderTests
{
    [Fact]
    public void Records_come_with_their_processor()
    {
        Privileged.Require();
        using var map = Map();
        using var reader = new PerfBufferReader(map);
        Assert.Equal(Environment.ProcessorCount, reader.Processors);
        using var program = Sender(map);
        using var link = Attach.RawTracepoint(program, "sys_enter");
        Native.Parent();
        var seen = new List<(int Cpu, long Number, int Length)>();
        Assert.True(reader.Poll((cpu, record) => seen.Add((cpu, MemoryMarshal.Read<long>(record[8..]), record.Length)), Numbers.Bound) > 0);
        Assert.All(seen, record =>
        {
            Assert.InRange(record.Cpu, 0, reader.Processors - 1);
            Assert.Equal((9, 20), (record.Number, record.Length));
        });
        Assert.Equal(0ul, reader.LostRecords);
    }

    [Fact]
    public void Lost_records_are_counted_and_cut_ones_are_whole()
    {
        Privileged.Require();
        using var map = Map();
        using var reader = new PerfBufferReader(map, new() { PagesPerProcessor = 1 });
        using var program = Sender(map);
        var counting = default(Counting);
        for (var round = 0; round < 20; round++)
        {
            using (Attach.RawTracepoint(program, "sys_enter"))
            {
                for (var i = 0; i < 300; i++)
                {
                    Native.Parent();
                }
            }

            reader.Consume(ref counting);
        }

        // Lost ones are told when the next record has room.
        Assert.True(counting.Lost > 0);
        Assert.Equal(reader.LostRecords, counting.Lost);
        Assert.True(counting.Records > 1000, $"{counting.Records}");
        Assert.Equal(0, counting.Others);
    }

    [Fact]
    public void Reading_allocates_nothing_for_a_record()
    {
        Privileged.Require();
        using var map = Map();
        using var reader = new PerfBufferReader(map);
        using var program = Sender(map);
        PerfRecordHandler handler = (_, _) => { };
        Send(program);
        reader.Poll(handler, Numbers.Bound);
        Send(program);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = reader.Consume(handler);
        reader.Poll(handler, TimeSpan.Zero);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(count > 50);
    }

    [Fact]
    public async Task Waiting_ends_by_waking_and_by_disposing()
    {
        Privileged.Require();
        var kernel = new WatchedKernel();
        using var map = Map();
        using var reader = new PerfBufferReader(new BpfMap(kernel, map.Descriptor, map.Spec));
        reader.Wake();
        Assert.Equal(0, reader.Poll((_, _) => { }, Timeout.InfiniteTimeSpan));
        var waiting = await kernel.Wait(() => reader.Poll((_, _) => { }, Timeout.InfiniteTimeSpan));
        reader.Wake();
        Assert.Equal(0, await waiting);
        waiting = await kernel.Wait(() => reader.Poll((_, _) => { }, Timeout.InfiniteTimeSpan));
        reader.Dispose();
        Assert.Equal(0, await waiting);
    }

    [Fact]
    public void Processors_that_come_online_get_rings()
    {
        Privileged.Require();
        Assert.SkipWhen(Environment.ProcessorCount < 2, "there is one processor");
        var kernel = new Processors();
        using var map = Map();
        using var reader = new PerfBufferReader(new BpfMap(kernel, map.Descriptor, map.Spec));
        Assert.Equal((1, 0), (reader.Processors, reader.Refresh()));
        kernel.Online = "0-1";
        Assert.Equal((1, 2, 0), (reader.Refresh(), reader.Processors, reader.Refresh()));
        kernel.Online = "1";
        Assert.Equal((0, 2), (reader.Refresh(), reader.Processors));
        using var program = Sender(map);
        Send(program);
        Assert.True(reader.Poll((_, _) => { }, Numbers.Bound) > 0);
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reader.Refresh());
    }

    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0-2,5\n", new[] { 0, 1, 2, 5 })]
    public void A_list_of_processors_is_read(string text, int[] processors) => Assert.Equal(processors, ProcessorList.Parse(text));

    [Theory]
    [InlineData("0-")]
    [InlineData("x")]
    [InlineData("0-99999999")]
    public void What_is_no_list_of_processors_is_refused(string text) =>
        Assert.Throws<BpfFormatException>(() => ProcessorList.Parse(text));

    private static void Send(BpfProgram program)
    {
        using var link = Attach.RawTracepoint(program, "sys_enter");
        for (var i = 0; i < 60; i++)
        {
            Native.Parent();
        }
    }

    private static BpfMap Map() => BpfMap.Create(new()
    {
        Name = "events",
        Type = MapType.PerfEventArray,
        KeySize = 4,
        ValueSize = 4,
        MaxEntries = (uint)Environment.ProcessorCount,
    });

    private static BpfProgram Sender(BpfMap map) => TestProgram.Load(
        ProgramType.RawTracepoint, [.. Code.OnlyFor(Native.Thread()), .. Code.SendPerf(map, 9), .. Code.Exit(0)]);

    private sealed class Processors : PassingKernel
    {
        public string Online { get; set; } = "0";

        public override byte[]? ReadFile(string path) =>
            path == "/sys/devices/system/cpu/online" ? System.Text.Encoding.ASCII.GetBytes(Online) : Below.ReadFile(path);
    }

    private struct Counting : IPerfRecordHandler
    {
        public int Records;
        public int Others;
        public ulong Lost;

        public void Record(int cpu, ReadOnlySpan<byte> record)
        {
            Records++;
            Others += MemoryMarshal.Read<long>(record[8..]) == 9 ? 0 : 1;
        }

        void IPerfRecordHandler.Lost(int cpu, ulong count) => Lost += count;
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Assembly;

namespace Weft.BpfBench;

/// <summary>How long a record takes that is read in place: a program fills the ring, then all of it is read at once.</summary>
internal static class RingBench
{
    private const int Batch = 500;
    private const int Header = 8;
    private const int Reserve = 131;
    private const int Submit = 132;

    public static void Run(Options options)
    {
        var size = options.Size;
        var bytes = (long)options.RingMebibytes << 20;
        var fitting = (int)(bytes / ((size + Header + 7) & ~7)) / Batch * Batch;
        var records = options.Records > 0 ? Math.Min(options.Records / Batch * Batch, fitting) : fitting;
        using var loaded = BpfObject.Load(Filler(size, (uint)bytes));
        using var reader = new RingBufferReader(loaded.Maps["ring"]);
        var (times, rates, allocated) = (new Samples(), new Samples(), new Samples());
        var sum = new Summing();
        ulong next = 0;
        for (var round = -1; round < options.Rounds; round++)
        {
            Fill(loaded.Programs["fill"], records / Batch);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            var count = reader.Consume(ref sum);
            var end = Stopwatch.GetTimestamp();
            var after = GC.GetAllocatedBytesForCurrentThread();
            Check(count == records && sum.Take() == Expected(next, (ulong)records), $"{count} of {records} records");
            next += (ulong)records;
            if (round >= 0)
            {
                var time = Samples.Nanoseconds(start, end);
                times.Add(time / records);
                rates.Add(records / time * 1e9);
                allocated.Add((after - before) / (double)records);
            }
        }

        Samples.Print("ring", json =>
        {
            json.WriteString("mode", "Consume");
            json.WriteNumber("size", size);
            json.WriteNumber("records", records);
            json.WriteNumber("rounds", options.Rounds);
            json.WriteNumber("ring_mib", options.RingMebibytes);
            json.WriteNumber("alloc_bytes_per_record", allocated.Median);
            rates.Write(json, "records_per_s");
            times.Write(json, "ns_per_record");
        });
    }

    private static void Fill(BpfProgram program, int batches)
    {
        var packet = new byte[64];
        for (var i = 0; i < batches; i++)
        {
            Check(program.TestRun(packet).Result == Batch, "the ring is full");
        }
    }

    private static ulong Expected(ulong first, ulong count) => (first * count) + (count * (count - 1) / 2);

    private static void Check(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    // Records of the given size that begin with their number.
    private static ObjectSpec Filler(int size, uint bytes) => new ObjectSpec("ringfill", "GPL")
        .Add(new MapSpec { Name = "ring", Type = MapType.RingBuffer, MaxEntries = bytes })
        .Add(new MapSpec { Name = "seq", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 })
        .Add(new Assembler()
            .LoadMapValue(Register.R8, "seq", 0)
            .Load(Register.R7, Register.R8, 0, Width.Double)
            .Move(Register.R6, 0)
            .Label("next")
            .LoadMap(Register.R1, "ring")
            .Move(Register.R2, size)
            .Move(Register.R3, 0)
            .Call(Reserve)
            .JumpIf(Condition.Equal, Register.R0, 0, "end")
            .Store(Register.R0, 0, Register.R7, Width.Double)
            .Move(Register.R1, Register.R0)
            .Move(Register.R2, 0)
            .Call(Submit)
            .Apply(Operation.Add, Register.R7, 1)
            .Apply(Operation.Add, Register.R6, 1)
            .JumpIf(Condition.Less, Register.R6, Batch, "next")
            .Label("end")
            .Store(Register.R8, 0, Register.R7, Width.Double)
            .Move(Register.R0, Register.R6)
            .Exit()
            .ToProgram("fill", "socket"));

    private struct Summing : IRingRecordHandler
    {
        private ulong _sum;

        public void Record(ReadOnlySpan<byte> record) => _sum += MemoryMarshal.Read<ulong>(record);

        public ulong Take()
        {
            var sum = _sum;
            _sum = 0;
            return sum;
        }
    }
}

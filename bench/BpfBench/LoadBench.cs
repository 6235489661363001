using System.Diagnostics;
using Weft.Bpf;

namespace Weft.BpfBench;

/// <summary>How long an object takes from its file to the kernel: the first time in a process, and once it is warm.</summary>
internal static class LoadBench
{
    public static void Run(Options options)
    {
        var first = Load(options, out var programs);
        var (times, allocated) = (new Samples(), new Samples());
        for (var round = 0; round < options.Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            times.Add(Load(options, out programs));
            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Samples.Print("load", json =>
        {
            json.WriteNumber("programs", programs);
            json.WriteNumber("cold_us", first);
            json.WriteNumber("alloc_bytes", allocated.Median);
            times.Write(json, "warm_us");
        });
    }

    // Closing is not counted.
    private static double Load(Options options, out int programs)
    {
        var start = Stopwatch.GetTimestamp();
        using var loaded = BpfObject.Load(ObjectSpec.Open(options.File), new() { Backend = options.Backend });
        var end = Stopwatch.GetTimestamp();
        programs = loaded.Programs.Count;
        return Samples.Nanoseconds(start, end) / 1e3;
    }
}

using System.Runtime.InteropServices;
using Weft.Bpf;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Records that programs send.</summary>
internal static class ReaderChecks
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static IEnumerable<Check> All =>
    [
        new("ring-buffer", RingBuffer), new("perf-buffer", PerfBuffer), new("processor-clock", Clock),
    ];

    private static void RingBuffer()
    {
        using var hook = Hook.Load("to_ring");
        using var reader = new RingBufferReader(hook.Map("ring"));
        using var link = Attach.Auto(hook.Program);
        Native.Parent();
        var calls = new List<long>();
        while (!calls.Contains(Native.GetParent) && reader.Poll(record => calls.Add(MemoryMarshal.Read<long>(record)), Bound) > 0)
        {
            // Other threads of this process call the kernel, too.
        }

        Check.Holds(calls.Contains(Native.GetParent), "the call has a record");
    }

    private static void PerfBuffer()
    {
        using var hook = Hook.Load("to_rings");
        using var reader = new PerfBufferReader(hook.Map("rings"));
        Check.Equal(Environment.ProcessorCount, reader.Processors, "processors");
        using var link = Attach.Auto(hook.Program);
        Native.Parent();
        var calls = new List<long>();
        while (!calls.Contains(Native.GetParent) && reader.Poll((_, record) => calls.Add(MemoryMarshal.Read<long>(record)), Bound) > 0)
        {
            // As above.
        }

        Check.Holds(calls.Contains(Native.GetParent), "the call has a record");
    }

    private static void Clock()
    {
        using var hook = Hook.Load("by_clock");
        using var links = new Links([.. Enumerable.Range(0, Environment.ProcessorCount).Select(cpu => Attach.CpuClock(hook.Program, cpu, 1000))]);
        Check.Eventually(() => hook.Count > 0, "the clock runs the program");
    }

    private sealed class Links(BpfLink[] links) : IDisposable
    {
        public void Dispose() => Array.ForEach(links, link => link.Dispose());
    }
}

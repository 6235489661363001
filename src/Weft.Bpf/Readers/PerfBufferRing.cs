using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>The event of one processor and its ring.</summary>
internal sealed unsafe class PerfBufferRing : IDisposable
{
    // As struct perf_event_mmap_page has them.
    private const int HeadAt = 1024;
    private const int TailAt = 1032;

    private readonly MappedMemory _memory;
    private readonly PerfRingView _ring;

    public PerfBufferRing(IKernel kernel, BpfDescriptor @event, int cpu, int pages)
    {
        Event = @event;
        Processor = cpu;
        long page = Environment.SystemPageSize;
        _memory = MappedMemory.Of(kernel, @event, page * (pages + 1), 0, writable: true, $"perf buffer of processor {cpu}: mmap");
        _ring = new(
            (ulong*)(_memory.Start + HeadAt), (ulong*)(_memory.Start + TailAt), _memory.Start + page, (ulong)(page * pages));
    }

    public BpfDescriptor Event { get; }

    public int Processor { get; }

    public int Consume<T>(ref T handler, Span<byte> whole, ref ulong lost)
        where T : struct, IPerfRecordHandler, allows ref struct => _ring.Consume(ref handler, Processor, whole, ref lost);

    public void Dispose()
    {
        _memory.Dispose();
        Event.Dispose();
    }
}

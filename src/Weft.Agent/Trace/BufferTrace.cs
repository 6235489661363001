using Weft.Bpf;

namespace Weft.Agent.Trace;

/// <summary>A buffer that is read.</summary>
internal abstract class BufferTrace(BpfMap map) : IDisposable
{
    public string Map => map.Name;

    /// <summary>Records that did not fit, as far as the kernel tells.</summary>
    public virtual ulong Lost => 0;

    /// <summary>The reader of a map; null where it is no buffer.</summary>
    public static BufferTrace? Of(BpfMap map, RecordTypes types, RecordLines lines) => map.Type switch
    {
        MapType.RingBuffer => new RingTrace(map, types.Of(map.Name), lines),
        MapType.PerfEventArray => new PerfTrace(map, types.Of(map.Name), lines),
        _ => null,
    };

    /// <summary>Hands on records until it is cancelled; when it fails, the others end, too.</summary>
    public void Read(CancellationTokenSource end)
    {
        using var waking = end.Token.Register(Wake);
        try
        {
            while (!end.IsCancellationRequested)
            {
                Poll();
            }
        }
        finally
        {
            end.Cancel();
        }
    }

    /// <summary>Hands on what is left.</summary>
    public abstract void Drain();

    public abstract void Dispose();

    protected abstract void Poll();

    protected abstract void Wake();
}

internal sealed class RingTrace(BpfMap map, RecordType type, RecordLines lines) : BufferTrace(map)
{
    private readonly RingBufferReader _reader = new(map);

    public override void Drain()
    {
        _reader.Consume(Record);
        lines.Flush();
    }

    public override void Dispose() => _reader.Dispose();

    protected override void Poll()
    {
        _reader.Poll(Record, Timeout.InfiniteTimeSpan);
        lines.Flush();
    }

    protected override void Wake() => _reader.Wake();

    private void Record(ReadOnlySpan<byte> record) => lines.Add(Map, null, type.Of(record.Length), record);
}

internal sealed class PerfTrace(BpfMap map, RecordType type, RecordLines lines) : BufferTrace(map)
{
    private readonly PerfBufferReader _reader = new(map);

    public override ulong Lost => _reader.LostRecords;

    public override void Drain()
    {
        _reader.Consume(Record);
        lines.Flush();
    }

    public override void Dispose() => _reader.Dispose();

    protected override void Poll()
    {
        _reader.Poll(Record, Timeout.InfiniteTimeSpan);
        lines.Flush();
    }

    protected override void Wake() => _reader.Wake();

    // The kernel fills records up, so that their length does not tell exactly.
    private void Record(int cpu, ReadOnlySpan<byte> record) => lines.Add(Map, cpu, type.OfPadded(record.Length), record);
}

namespace Weft.Bpf.Bindings;

/// <summary>A record of a ring buffer, seen where the kernel wrote it. Generated for each structure that is a record.</summary>
/// <typeparam name="TSelf">The view itself.</typeparam>
public interface IRecordView<TSelf>
    where TSelf : IRecordView<TSelf>, allows ref struct
{
    /// <summary>Sees a record.</summary>
    /// <param name="record">Its bytes; more may follow.</param>
    /// <exception cref="BpfFormatException">It is too short.</exception>
    public static abstract TSelf Of(ReadOnlySpan<byte> record);
}

/// <summary>Takes a record.</summary>
/// <param name="record">The record, where the kernel wrote it; it is gone when the handler returns.</param>
/// <typeparam name="TRecord">The view.</typeparam>
public delegate void RecordHandler<TRecord>(TRecord record)
    where TRecord : IRecordView<TRecord>, allows ref struct;

/// <summary>Reads a ring buffer whose records are of one structure, as <see cref="RingBufferReader"/> otherwise.</summary>
/// <typeparam name="TRecord">The view of a record.</typeparam>
public sealed class RingBufferReader<TRecord> : IDisposable
    where TRecord : IRecordView<TRecord>, allows ref struct
{
    /// <inheritdoc cref="RingBufferReader(BpfMap)"/>
    public RingBufferReader(BpfMap map) => Untyped = new(map);

    /// <summary>The same reader, which hands on bytes. Buffers with records of several structures are read by it.</summary>
    public RingBufferReader Untyped { get; }

    /// <inheritdoc cref="RingBufferReader.Consume(RingRecordHandler)"/>
    /// <exception cref="BpfFormatException">A record is too short for its structure; it counts as read.</exception>
    public int Consume(RecordHandler<TRecord> handler)
    {
        var seen = new Viewer(handler);
        return Untyped.Consume(ref seen);
    }

    /// <inheritdoc cref="RingBufferReader.Poll(RingRecordHandler, TimeSpan)"/>
    /// <exception cref="BpfFormatException">A record is too short for its structure; it counts as read.</exception>
    public int Poll(RecordHandler<TRecord> handler, TimeSpan timeout)
    {
        var seen = new Viewer(handler);
        return Untyped.Poll(ref seen, timeout);
    }

    /// <inheritdoc cref="RingBufferReader.Wake"/>
    public void Wake() => Untyped.Wake();

    /// <inheritdoc cref="RingBufferReader.Dispose"/>
    public void Dispose() => Untyped.Dispose();

    private readonly struct Viewer(RecordHandler<TRecord> handler) : IRingRecordHandler
    {
        public void Record(ReadOnlySpan<byte> record) => handler(TRecord.Of(record));
    }
}

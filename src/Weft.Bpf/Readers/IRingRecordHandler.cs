namespace Weft.Bpf;

/// <summary>Takes a record of a ring buffer.</summary>
/// <param name="record">
/// The record, where the kernel wrote it; it is gone when the handler returns. Programs may write there no more, but the
/// memory is theirs: what must not change is copied first.
/// </param>
public delegate void RingRecordHandler(ReadOnlySpan<byte> record);

/// <summary>Takes records of a ring buffer. A structure that implements it is called without indirection.</summary>
public interface IRingRecordHandler
{
    /// <summary>Takes a record.</summary>
    /// <param name="record">The record, where the kernel wrote it; it is gone when this returns.</param>
    public void Record(ReadOnlySpan<byte> record);
}

/// <summary>Calls a delegate.</summary>
internal readonly struct DelegateHandler(RingRecordHandler handler) : IRingRecordHandler
{
    public void Record(ReadOnlySpan<byte> record) => handler(record);
}

namespace Weft.Bpf;

/// <summary>Takes a record of a perf buffer.</summary>
/// <param name="cpu">The processor on which the program ran.</param>
/// <param name="record">
/// The record, followed by up to seven bytes with which the kernel fills it up: to 4 more than a multiple of 8. It is gone
/// when the handler returns.
/// </param>
public delegate void PerfRecordHandler(int cpu, ReadOnlySpan<byte> record);

/// <summary>Takes records of perf buffers. A structure that implements it is called without indirection.</summary>
public interface IPerfRecordHandler
{
    /// <summary>Takes a record.</summary>
    /// <inheritdoc cref="PerfRecordHandler" path="/param"/>
    public void Record(int cpu, ReadOnlySpan<byte> record);

    /// <summary>The ring was full, and records were lost.</summary>
    /// <param name="cpu">The processor whose ring it is.</param>
    /// <param name="count">How many, since this was last told.</param>
    public void Lost(int cpu, ulong count);
}

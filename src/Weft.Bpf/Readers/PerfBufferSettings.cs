namespace Weft.Bpf;

/// <summary>How a perf buffer is made.</summary>
public sealed record PerfBufferSettings
{
    /// <summary>Pages of memory of each processor's ring, a power of two.</summary>
    public int PagesPerProcessor { get; init; } = 64;

    /// <summary>
    /// Records after which a waiting reader is woken: 1 for each; with more, those before wait until the reader looks
    /// again.
    /// </summary>
    public uint WakeupRecords { get; init; } = 1;

    /// <summary>Bytes after which a waiting reader is woken, in the place of <see cref="WakeupRecords"/>; 0 for that.</summary>
    public uint WakeupBytes { get; init; }

    internal PerfEventAttributes Attributes => new()
    {
        Type = PerfEvents.Software,
        Config = 10, // PERF_COUNT_SW_BPF_OUTPUT
        Period = 1,
        SampleType = PerfEventAttributes.Raw,
        Flags = WakeupBytes == 0 ? 0 : PerfEventAttributes.ByBytes,
        Wakeup = WakeupBytes == 0 ? WakeupRecords : WakeupBytes,
    };
}

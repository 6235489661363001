namespace Weft.Bpf;

/// <summary>
/// A user ring buffer as it lies in memory: two positions that only grow, and the data, which is mapped twice in a row, so that
/// no record is cut. It knows nothing of the kernel, and trusts nothing of what it reads: positions that are not possible are a
/// <see cref="RingCorruptException"/>, before anything is written.
/// </summary>
/// <param name="consumer">The position to which the kernel has read; only it writes there.</param>
/// <param name="producer">The position to which this side has reserved.</param>
/// <param name="data">The data.</param>
/// <param name="size">Bytes of the data, a power of two; twice as many are mapped.</param>
internal readonly unsafe struct UserRingView(ulong* consumer, ulong* producer, byte* data, ulong size)
{
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;
    private const uint HeaderSize = 8;

    // A program gets a record as a bpf_dynptr, which has no more than 24 bits of size.
    private const ulong MaxRecord = (1 << 24) - 1;

    /// <summary>The most bytes that a record may have.</summary>
    public int MaxLength => (int)Math.Min(size - HeaderSize, MaxRecord);

    /// <summary>Bytes that may be reserved, with headers of eight bytes.</summary>
    /// <exception cref="RingCorruptException">The positions are not possible.</exception>
    public ulong Free
    {
        get
        {
            var read = Volatile.Read(ref *consumer);
            return FreeAt(read, Volatile.Read(ref *producer));
        }
    }

    /// <summary>Reserves a record, which stops the kernel until it is finished. One thread reserves at a time.</summary>
    /// <param name="length">Bytes, at most <see cref="MaxLength"/>.</param>
    /// <param name="position">Where it begins: with its header.</param>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="RingCorruptException">The positions are not possible.</exception>
    public bool TryReserve(int length, out ulong position)
    {
        // The kernel releases its position when it has read a record: from then on its place may be written.
        var read = Volatile.Read(ref *consumer);
        position = Volatile.Read(ref *producer);
        var step = Step((uint)length);
        if (FreeAt(read, position) < step)
        {
            return false;
        }

        var header = Header(position);
        header[1] = 0;
        header[0] = (uint)length | Busy;

        // The kernel acquires this position, and so sees that the record is busy.
        Volatile.Write(ref *producer, position + step);
        return true;
    }

    /// <summary>The bytes of a record.</summary>
    public Span<byte> Record(ulong position, int length) => new((byte*)Header(position) + HeaderSize, length);

    /// <summary>Whether a record is still reserved: the kernel has not come past it, which it may only when it is finished.</summary>
    public bool IsOpen(ulong position, int length) =>
        (long)(position - Volatile.Read(ref *consumer)) >= 0 && Volatile.Read(ref *Header(position)) == ((uint)length | Busy);

    /// <summary>Gives a record to the kernel. What was written to it before is seen by who sees that it is not busy.</summary>
    /// <returns>Whether it was still reserved.</returns>
    public bool TryFinish(ulong position, int length, bool isDiscarded)
    {
        var (busy, finished) = ((uint)length | Busy, (uint)length | (isDiscarded ? Discarded : 0));
        return IsOpen(position, length) && Interlocked.CompareExchange(ref *Header(position), finished, busy) == busy;
    }

    private static ulong Step(uint length) => ((ulong)length + HeaderSize + 7) & ~7ul;

    private uint* Header(ulong position) => (uint*)(data + (position & (size - 1)));

    private ulong FreeAt(ulong read, ulong reserved)
    {
        var used = reserved - read;
        return used <= size && reserved % HeaderSize == 0
            ? size - used
            : throw new RingCorruptException($"user ring buffer: {used} bytes from {read} on are not what its {size} bytes can hold");
    }
}

namespace Weft.Bpf;

/// <summary>
/// A ring buffer as it lies in memory: two positions that only grow, and the data, which is mapped twice in a row, so that no
/// record is cut. It knows nothing of the kernel, and trusts nothing of what it reads: a record lies within what the
/// positions span, and that within the ring, or it is a <see cref="RingCorruptException"/>.
/// </summary>
/// <param name="consumer">The position to which this side has read; it writes it.</param>
/// <param name="producer">The position to which the kernel has reserved.</param>
/// <param name="data">The data.</param>
/// <param name="size">Bytes of the data, a power of two; twice as many are mapped.</param>
internal readonly unsafe struct RingView(ulong* consumer, ulong* producer, byte* data, ulong size)
{
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;
    private const uint HeaderSize = 8;

    /// <summary>Bytes between the positions, with headers and with records that are not finished.</summary>
    public ulong Available => Volatile.Read(ref *producer) - Volatile.Read(ref *consumer);

    /// <summary>
    /// Hands on records until one is not finished or none is left; at most as many bytes as the ring has, so that it ends
    /// however fast they come. A record counts as read when its handler has returned, or thrown.
    /// </summary>
    /// <returns>How many were handed on, without those that their program discarded.</returns>
    public int Consume<T>(ref T handler)
        where T : struct, IRingRecordHandler, allows ref struct
    {
        var position = Volatile.Read(ref *consumer);
        var count = 0;
        ulong available = 0;
        for (ulong read = 0, step; read < size && (available != 0 || (available = Spanned(position)) != 0); read += step)
        {
            // The kernel moves its position when a record is reserved, and its header is busy from then on. The acquiring
            // read of the header makes visible what the program wrote.
            var header = data + (position & (size - 1));
            var length = Volatile.Read(ref *(uint*)header);
            if ((length & Busy) != 0)
            {
                break;
            }

            step = Step(length, available, position);
            position += step;
            available -= step;
            count += Hand(ref handler, header, length, position);
        }

        return count;
    }

    /// <summary>
    /// Publishes the position with every record, like libbpf: the kernel wakes a reader only when it finds it where the new
    /// record begins, and space is free again as early as can be. A releasing write costs no more than a plain one on x86.
    /// </summary>
    private int Hand<T>(ref T handler, byte* header, uint length, ulong next)
        where T : struct, IRingRecordHandler, allows ref struct
    {
        if ((length & Discarded) != 0)
        {
            Volatile.Write(ref *consumer, next);
            return 0;
        }

        try
        {
            handler.Record(new ReadOnlySpan<byte>(header + HeaderSize, (int)length));
        }
        finally
        {
            Volatile.Write(ref *consumer, next);
        }

        return 1;
    }

    private ulong Spanned(ulong position)
    {
        var available = Volatile.Read(ref *producer) - position;
        return available <= size && available % HeaderSize == 0 ? available : throw Corrupt(position, available);
    }

    private ulong Step(uint length, ulong available, ulong position)
    {
        var step = ((length & ~Discarded) + (ulong)HeaderSize + 7) & ~7ul;
        return step <= available ? step : throw Corrupt(position, step);
    }

    private RingCorruptException Corrupt(ulong position, ulong length) =>
        new($"ring buffer: {length} bytes at {position} are outside of what its {size} bytes hold");
}

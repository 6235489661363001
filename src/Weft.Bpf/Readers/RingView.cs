using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

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
    private const ulong Far = 512;
    private const ulong Ahead = 8;

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
        // Of its own, so that they stay in registers: what a handler writes might be this view.
        var reader = consumer;
        var bytes = data;
        var (mask, count) = (size - 1, 0);
        var position = Volatile.Read(ref *reader);
        var (end, most, read) = (position, position + size, position);
        try
        {
            while ((long)(most - position) > 0 && (position != end || (end = End(position)) != position))
            {
                // The kernel moves its position when a record is reserved, and its header is busy from then on. The acquiring
                // read of the header makes visible what the program wrote.
                var header = bytes + (position & mask);
                var length = Volatile.Read(ref *(uint*)header);
                if ((length & Busy) != 0)
                {
                    break;
                }

                var step = Step(length, end, position);
                position += step;
                read = position;

                // Records of one ring are mostly of one size. Where few share a page, the processor does not guess the next.
                if (Sse.IsSupported && step >= Far)
                {
                    Sse.Prefetch0(bytes + ((position + (Ahead * step)) & mask));
                }

                count += Hand(ref handler, header, length);

                // With every record, like libbpf: the kernel wakes a reader only when it finds it where the new record
                // begins, and space is free again as early as can be. A releasing write costs no more on x86.
                Volatile.Write(ref *reader, position);
            }
        }
        finally
        {
            // What is read here is on the stack, so it is not what the loop goes on with.
            Volatile.Write(ref *reader, read);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hand<T>(ref T handler, byte* header, uint length)
        where T : struct, IRingRecordHandler, allows ref struct
    {
        if ((length & Discarded) != 0)
        {
            return 0;
        }

        handler.Record(new ReadOnlySpan<byte>(header + HeaderSize, (int)length));
        return 1;
    }

    private ulong End(ulong position)
    {
        var end = Volatile.Read(ref *producer);
        var available = end - position;
        return available <= size && available % HeaderSize == 0 ? end : throw Corrupt(position, available);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Step(uint length, ulong end, ulong position)
    {
        var step = ((length & ~Discarded) + (ulong)HeaderSize + 7) & ~7ul;
        return step <= end - position ? step : throw Corrupt(position, step);
    }

    private RingCorruptException Corrupt(ulong position, ulong length) =>
        new($"ring buffer: {length} bytes at {position} are outside of what its {size} bytes hold");
}

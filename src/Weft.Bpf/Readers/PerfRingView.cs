using System.Runtime.CompilerServices;

namespace Weft.Bpf;

/// <summary>
/// The ring of one event of one processor as it lies in memory: positions that only grow, and data in which records may be
/// cut in two. It knows nothing of the kernel, and trusts nothing of what it reads.
/// </summary>
/// <param name="head">The position to which the kernel has written.</param>
/// <param name="tail">The position to which this side has read; it writes it.</param>
/// <param name="data">The data.</param>
/// <param name="size">Bytes of the data, a power of two.</param>
internal readonly unsafe struct PerfRingView(ulong* head, ulong* tail, byte* data, ulong size)
{
    /// <summary>The longest record: its length has 16 bits.</summary>
    public const int MaxRecord = 65536;

    private const uint Sample = 9;
    private const uint Lost = 2;
    private const ulong HeaderSize = 8;

    /// <summary>Hands on the records that were there when it began.</summary>
    /// <param name="cpu">Whose ring it is.</param>
    /// <param name="whole">At least <see cref="MaxRecord"/> bytes, for records that are cut.</param>
    /// <param name="lost">What was lost is added to it.</param>
    /// <returns>How many samples were handed on.</returns>
    public int Consume<T>(ref T handler, int cpu, Span<byte> whole, ref ulong lost)
        where T : struct, IPerfRecordHandler, allows ref struct
    {
        var position = Volatile.Read(ref *tail);
        var available = Volatile.Read(ref *head) - position;
        if (available > size || available % HeaderSize != 0)
        {
            throw Corrupt(position, available);
        }

        var count = 0;
        while (available != 0)
        {
            var header = *(ulong*)(data + (position & (size - 1)));
            var length = header >> 48;
            if (length < HeaderSize || length > available || length % HeaderSize != 0)
            {
                throw Corrupt(position, length);
            }

            var record = Whole(position, (int)length, whole);
            (position, available) = (position + length, available - length);
            try
            {
                count += Hand(ref handler, cpu, (uint)header, record, position, ref lost);
            }
            finally
            {
                // Also when the handler throws: a record is read once.
                Volatile.Write(ref *tail, position);
            }
        }

        return count;
    }

    private ReadOnlySpan<byte> Whole(ulong position, int length, Span<byte> whole)
    {
        var start = (int)(position & (size - 1));
        var first = (int)size - start;
        if (length <= first)
        {
            return new(data + start, length);
        }

        new ReadOnlySpan<byte>(data + start, first).CopyTo(whole);
        new ReadOnlySpan<byte>(data, length - first).CopyTo(whole[first..]);
        return whole[..length];
    }

    private static int Hand<T>(
        ref T handler, int cpu, uint type, ReadOnlySpan<byte> record, ulong position, ref ulong lost)
        where T : struct, IPerfRecordHandler, allows ref struct
    {
        switch (type)
        {
            case Sample when record.Length >= 12 && Number<uint>(record[8..]) <= (uint)record.Length - 12:
                handler.Record(cpu, record.Slice(12, (int)Number<uint>(record[8..])));
                return 1;
            case Lost when record.Length >= 24:
                Volatile.Write(ref lost, lost + Number<ulong>(record[16..]));
                handler.Lost(cpu, Number<ulong>(record[16..]));
                return 0;
            case Sample or Lost:
                throw new RingCorruptException($"perf buffer of processor {cpu}: the record before {position} is too short for itself");
            default:
                // The kernel may tell more, such as that it has slowed down.
                return 0;
        }
    }

    private static T Number<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged => Unsafe.ReadUnaligned<T>(in bytes[0]);

    private RingCorruptException Corrupt(ulong position, ulong length) =>
        new($"perf buffer: {length} bytes at {position} are outside of what its {size} bytes hold");
}

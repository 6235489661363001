using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Bpf.Btf;

/// <summary>Finds where each record begins, in one pass: the records of a kernel are read from memory that nobody has read yet.</summary>
internal static class BtfScan
{
    private const int FirstUnknown = (int)BtfKind.Enum64 + 1;

    // What stands behind the head of a record, by its kind: bytes that are always there, and bytes for each of its parts.
    private static ReadOnlySpan<byte> Always => [0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0];

    private static ReadOnlySpan<byte> ForEach => [0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12];

    /// <summary>The bytes behind the head of a record; -1 for a kind that is not known.</summary>
    public static int TailSize(uint info)
    {
        var kind = (int)((info >> 24) & 31);
        return kind is 0 or >= FirstUnknown ? -1 : Always[kind] + (ForEach[kind] * (int)(info & 0xFFFF));
    }

    /// <param name="types">All records.</param>
    /// <param name="isBigEndian">How they are written.</param>
    /// <param name="firstId">The id of the first.</param>
    /// <param name="name">How errors name the file.</param>
    /// <exception cref="BpfFormatException">A record is cut off or not known, or there are too many.</exception>
    public static BtfNumbers Offsets(ReadOnlySpan<byte> types, bool isBigEndian, uint firstId, string name)
    {
        var swapped = isBigEndian == BitConverter.IsLittleEndian;

        // Room for as many as there can be. What is not written is no memory yet, and goes back at the end.
        var most = Math.Min(types.Length / BtfRecord.HeadSize, (int)BtfSpec.MaxTypes) + 1;
        var offsets = new BtfNumbers(most, isZeroed: false);
        try
        {
            offsets.Shorten(Walk(types, swapped, offsets.Span, firstId, name));
        }
        catch
        {
            offsets.Dispose();
            throw;
        }

        return offsets;
    }

    private static int Walk(ReadOnlySpan<byte> types, bool swapped, Span<uint> offsets, uint firstId, string name)
    {
        var count = 0;
        for (var at = 0; at < types.Length; count++)
        {
            if (types.Length - at < BtfRecord.HeadSize)
            {
                throw CutOff(firstId + count, name);
            }

            if (firstId + count >= BtfSpec.MaxTypes)
            {
                throw new BpfFormatException($"{name}: has more types than a kernel takes, {BtfSpec.MaxTypes}");
            }

            offsets[count] = (uint)at;

            var info = Unsafe.ReadUnaligned<uint>(in Unsafe.Add(ref MemoryMarshal.GetReference(types), at + 4));
            info = swapped ? BinaryPrimitives.ReverseEndianness(info) : info;
            var tail = TailSize(info);
            if (tail < 0)
            {
                throw new BpfFormatException($"{name}: type {firstId + count} is of a kind that is not known, {(info >> 24) & 31}");
            }

            if (tail > types.Length - at - BtfRecord.HeadSize)
            {
                throw CutOff(firstId + count, name);
            }

            at += BtfRecord.HeadSize + tail;
        }

        return count;
    }

    private static BpfFormatException CutOff(long id, string name) => new($"{name}: type {id} is cut off");
}

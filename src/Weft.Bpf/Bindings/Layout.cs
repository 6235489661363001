using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Bpf.Bindings;

/// <summary>What generated structures are read and written by, of machines with the least significant byte first.</summary>
public static class Layout
{
    private const int ByteBits = 8;

    /// <summary>A record as a structure, where it lies.</summary>
    /// <param name="record">Its bytes; more may follow.</param>
    /// <param name="type">How C calls it.</param>
    /// <exception cref="BpfFormatException">It is too short.</exception>
    public static ref readonly T Record<T>(ReadOnlySpan<byte> record, string type)
        where T : unmanaged
    {
        var size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        if (record.Length < size)
        {
            throw new BpfFormatException($"a record of {record.Length} bytes is too short for {type}, which has {size}");
        }

        return ref MemoryMarshal.AsRef<T>(record);
    }

    /// <summary>Text in an array of characters: up to the first zero, or all of it.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(bytes.IndexOf((byte)0) is var end and >= 0 ? bytes[..end] : bytes);

    /// <summary>Writes text into an array of characters; zeros fill it up.</summary>
    /// <exception cref="ArgumentException">It does not fit with a zero behind it.</exception>
    public static void SetText(Span<byte> bytes, string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        if (size >= bytes.Length)
        {
            throw new ArgumentException($"{size} bytes of text and a zero do not fit into {bytes.Length} bytes", nameof(text));
        }

        bytes.Clear();
        Encoding.UTF8.GetBytes(text, bytes);
    }

    /// <summary>Reads a bit field.</summary>
    /// <param name="bytes">The bytes that it lies in, nine at most.</param>
    /// <param name="bit">Where it begins in the first.</param>
    /// <param name="count">Its bits, 64 at most.</param>
    /// <param name="isSigned">Whether its last bit is its sign.</param>
    public static ulong Bits(ReadOnlySpan<byte> bytes, int bit, int count, bool isSigned)
    {
        Span<byte> room = stackalloc byte[16];
        bytes.CopyTo(room);
        var unused = 64 - count;
        var value = (ulong)(BinaryPrimitives.ReadUInt128LittleEndian(room) >> bit) << unused;
        return isSigned ? (ulong)((long)value >> unused) : value >> unused;
    }

    /// <summary>Writes a bit field; what does not fit is cut off, as C does it.</summary>
    /// <param name="value">Its value.</param>
    /// <inheritdoc cref="Bits"/>
    public static void SetBits(Span<byte> bytes, int bit, int count, ulong value)
    {
        for (var i = 0; i < count; i++)
        {
            var at = bit + i;
            var mask = (byte)(1 << (at % ByteBits));
            bytes[at / ByteBits] = (byte)((value >> i & 1) != 0 ? bytes[at / ByteBits] | mask : bytes[at / ByteBits] & ~mask);
        }
    }
}

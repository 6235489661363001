using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Text;

namespace Weft.Xds.Frames;

/// <summary>What protobuf's wire format and gRPC's framing are made of.</summary>
internal static class Wire
{
    /// <summary>
    /// gRPC's length-prefixed message: a byte that says whether it is compressed, and four for its length (gRPC over
    /// HTTP/2, "Length-Prefixed-Message").
    /// </summary>
    public const int PrefixLength = 5;

    private const int MostOnStack = 512;

    /// <summary>The tag of a field whose value has a length: a text, bytes or a message.</summary>
    public static byte Tag(int field) => (byte)((field << 3) | 2);

    public static int VarintSize(int value) => ((31 - BitOperations.LeadingZeroCount((uint)value | 1)) / 7) + 1;

    /// <summary>A field with a length: its tag, of one byte, its length and its value.</summary>
    public static int FieldSize(int length) => 1 + VarintSize(length) + length;

    public static int FieldSize(string text) => FieldSize(Encoding.UTF8.GetByteCount(text));

    /// <summary>Writes a field's tag and length; what is left of <paramref name="to"/> is for its value.</summary>
    public static Span<byte> WriteHead(Span<byte> to, int field, int length)
    {
        to[0] = Tag(field);
        var at = 1;
        var rest = (uint)length;
        while (rest > 0x7f)
        {
            to[at++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        to[at++] = (byte)rest;
        return to[at..];
    }

    public static Span<byte> WriteText(Span<byte> to, int field, string text)
    {
        to = WriteHead(to, field, Encoding.UTF8.GetByteCount(text));
        return to[Encoding.UTF8.GetBytes(text, to)..];
    }

    public static Span<byte> WriteBytes(Span<byte> to, int field, ReadOnlySpan<byte> bytes)
    {
        to = WriteHead(to, field, bytes.Length);
        bytes.CopyTo(to);
        return to[bytes.Length..];
    }

    public static void WriteText(ref BlockWriter to, int field, string text)
    {
        var size = FieldSize(text);
        var bytes = size <= MostOnStack ? stackalloc byte[size] : new byte[size];
        WriteText(bytes, field, text);
        to.Write(bytes);
    }

    /// <summary>A field whose text is the number's decimal digits.</summary>
    /// <param name="number">Not below 0.</param>
    public static int NumberSize(long number) => FieldSize(Digits(number));

    public static void WriteNumber(ref BlockWriter to, int field, long number)
    {
        Span<byte> bytes = stackalloc byte[NumberSize(number)];
        Utf8Formatter.TryFormat(number, WriteHead(bytes, field, Digits(number)), out _);
        to.Write(bytes);
    }

    private static int Digits(long number)
    {
        var digits = 1;
        for (; number > 9; number /= 10)
        {
            digits++;
        }

        return digits;
    }

    public static void WritePrefix(ref BlockWriter to, int length)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        prefix[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        to.Write(prefix);
    }
}

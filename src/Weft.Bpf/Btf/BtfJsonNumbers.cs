using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Weft.Bpf.Btf;

/// <summary>Writes what is one number: integers, enumerations, pointers, floating-point numbers.</summary>
internal static class BtfJsonNumbers
{
    private const int ByteBits = 8;
    private const int LargestNumber = 64;

    public static void Write(Utf8JsonWriter writer, BtfShape shape, ReadOnlySpan<byte> value, bool isBigEndian)
    {
        if (value.Length < shape.Size)
        {
            throw new BpfFormatException($"a value of {shape.Size} bytes has {value.Length}");
        }

        if (shape.Size == 0)
        {
            writer.WriteNullValue();
        }
        else if (shape.Type is BtfFloat { Size: 2 or 4 or 8 } type)
        {
            Float(writer, value[..(int)type.Size], isBigEndian);
        }
        else if (shape.BitSize > 0)
        {
            WriteBits(writer, shape, value, default, isBigEndian);
        }
        else
        {
            var bits = (int)Math.Min(shape.Size, BtfBits.Most / ByteBits) * ByteBits;
            Number(writer, shape, BtfBits.Read(value, 0, bits, isBigEndian), bits);
        }
    }

    /// <summary>Writes a bit field.</summary>
    /// <param name="value">The whole structure.</param>
    public static void WriteBits(
        Utf8JsonWriter writer, BtfShape shape, ReadOnlySpan<byte> value, BtfShapeMember member, bool isBigEndian)
    {
        var (size, offset) = ((int)member.BitSize, (long)member.BitOffset);
        if (size == 0 && shape.Type is BtfInt { Bits: var bits, Offset: var inner })
        {
            (size, offset) = (bits, offset + inner);
        }

        if (size == 0)
        {
            writer.WriteNullValue();
            return;
        }

        Number(writer, shape, BtfBits.Read(value, offset, size, isBigEndian), size);
    }

    private static void Number(Utf8JsonWriter writer, BtfShape shape, UInt128 bits, int size)
    {
        switch (shape.Type)
        {
            case BtfReference { Kind: BtfKind.Pointer }:
                Hexadecimal(writer, bits);
                break;
            case BtfEnum type:
                Enumerator(writer, shape, type.IsSigned ? (ulong)(long)BtfBits.Signed(bits, size) : (ulong)bits, type.IsSigned);
                break;
            case BtfInt { Encoding: var encoding } when (encoding & BtfIntEncoding.Bool) != 0:
                writer.WriteBooleanValue(bits != 0);
                break;
            case BtfInt type:
                Integer(writer, bits, size, type.IsSigned);
                break;
            default:
                Hexadecimal(writer, bits);
                break;
        }
    }

    private static void Enumerator(Utf8JsonWriter writer, BtfShape shape, ulong value, bool isSigned)
    {
        if (shape.TryName(value, out var name))
        {
            writer.WriteStringValue(name);
        }
        else if (isSigned)
        {
            writer.WriteNumberValue((long)value);
        }
        else
        {
            writer.WriteNumberValue(value);
        }
    }

    private static void Integer(Utf8JsonWriter writer, UInt128 bits, int size, bool isSigned)
    {
        if (size > LargestNumber)
        {
            Span<char> text = stackalloc char[48];
            _ = isSigned
                ? BtfBits.Signed(bits, size).TryFormat(text, out var length, default, CultureInfo.InvariantCulture)
                : bits.TryFormat(text, out length, default, CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
        else if (isSigned)
        {
            writer.WriteNumberValue((long)BtfBits.Signed(bits, size));
        }
        else
        {
            writer.WriteNumberValue((ulong)bits);
        }
    }

    private static void Hexadecimal(Utf8JsonWriter writer, UInt128 bits)
    {
        Span<char> text = stackalloc char[40];
        "0x".CopyTo(text);
        bits.TryFormat(text[2..], out var length, "x", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..(length + 2)]);
    }

    private static void Float(Utf8JsonWriter writer, ReadOnlySpan<byte> value, bool isBigEndian)
    {
        var number = (value.Length, isBigEndian) switch
        {
            (2, true) => (double)BinaryPrimitives.ReadHalfBigEndian(value),
            (2, false) => (double)BinaryPrimitives.ReadHalfLittleEndian(value),
            (4, true) => BinaryPrimitives.ReadSingleBigEndian(value),
            (4, false) => BinaryPrimitives.ReadSingleLittleEndian(value),
            (_, true) => BinaryPrimitives.ReadDoubleBigEndian(value),
            (_, false) => BinaryPrimitives.ReadDoubleLittleEndian(value),
        };
        if (!double.IsFinite(number))
        {
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
        }
        else if (value.Length == 4)
        {
            writer.WriteNumberValue((float)number);
        }
        else
        {
            writer.WriteNumberValue(number);
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Weft.Wasm.Host;

/// <summary>Writes values of properties as Envoy gives them to plugins.</summary>
public static class PropertyValue
{
    /// <summary>Text as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> target, string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, target.GetSpan(size));
        target.Advance(size);
    }

    /// <summary>
    /// A number, a time (nanoseconds since 1970) or a duration (nanoseconds): 8 bytes, little-endian.
    /// </summary>
    public static void Write(IBufferWriter<byte> target, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target.GetSpan(sizeof(long)), number);
        target.Advance(sizeof(long));
    }

    /// <summary>A fraction: 8 bytes, little-endian.</summary>
    public static void Write(IBufferWriter<byte> target, double number) =>
        Write(target, BitConverter.DoubleToInt64Bits(number));

    /// <summary>A truth value: one byte.</summary>
    public static void Write(IBufferWriter<byte> target, bool truth)
    {
        target.GetSpan(1)[0] = truth ? (byte)1 : (byte)0;
        target.Advance(1);
    }

    /// <summary>A map, as pairs.</summary>
    public static void Write(IBufferWriter<byte> target, HeaderMap map)
    {
        var size = PairsWriter.SizeOf(map);
        PairsWriter.Write(map, target.GetSpan(size)[..size]);
        target.Advance(size);
    }
}

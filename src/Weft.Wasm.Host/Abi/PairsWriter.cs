using System.Buffers.Binary;

namespace Weft.Wasm.Host;

/// <summary>Writes headers as the list of pairs that <see cref="PairsReader"/> reads.</summary>
internal static class PairsWriter
{
    public static int SizeOf(HeaderMap headers) =>
        sizeof(uint) + headers.Count * (2 * sizeof(uint) + 2) + headers.ByteSize;

    /// <param name="target">Exactly <see cref="SizeOf"/> bytes.</param>
    public static void Write(HeaderMap headers, Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, headers.Count);
        var lengths = sizeof(uint);
        var text = lengths + headers.Count * 2 * sizeof(uint);
        for (var i = 0; i < headers.Count; i++)
        {
            Append(headers.NameAt(i), target, ref lengths, ref text);
            Append(headers.ValueAt(i), target, ref lengths, ref text);
        }
    }

    private static void Append(ReadOnlySpan<byte> part, Span<byte> target, ref int lengths, ref int text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[lengths..], part.Length);
        part.CopyTo(target[text..]);
        target[text + part.Length] = 0;
        lengths += sizeof(uint);
        text += part.Length + 1;
    }
}

using System.Buffers.Binary;
using Weft.Wasm.Abi;

namespace Weft.Wasm.Host;

/// <summary>
/// Reads a list of pairs as proxy-wasm writes it: the count; the lengths of each name and value; then each name and
/// value with a zero after it. All numbers are little-endian and 32 bits wide.
/// </summary>
/// <remarks>
/// A list that is not well formed, or larger than Envoy takes, reads as an empty one: that is what Envoy makes of it.
/// </remarks>
internal ref struct PairsReader
{
    /// <summary>The largest list, in bytes.</summary>
    public const int MaxBytes = ProxyWasmAbi.MaxPairsBytes;

    /// <summary>The longest list, in pairs.</summary>
    public const int MaxCount = ProxyWasmAbi.MaxPairs;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _next;
    private int _position;

    public PairsReader(ReadOnlySpan<byte> bytes)
    {
        if (!IsWellFormed(bytes))
        {
            return;
        }

        _bytes = bytes;
        Count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        _position = sizeof(uint) + Count * 2 * sizeof(uint);
    }

    public int Count { get; }

    public ReadOnlySpan<byte> Name { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool MoveNext()
    {
        if (_next == Count)
        {
            return false;
        }

        var (name, value) = Lengths(_bytes, _next++);
        Name = _bytes.Slice(_position, (int)name);
        Value = _bytes.Slice(_position + (int)name + 1, (int)value);
        _position += (int)name + (int)value + 2;
        return true;
    }

    private static (uint Name, uint Value) Lengths(ReadOnlySpan<byte> bytes, int index)
    {
        var lengths = bytes.Slice(sizeof(uint) + index * 2 * sizeof(uint), 2 * sizeof(uint));
        return (BinaryPrimitives.ReadUInt32LittleEndian(lengths),
            BinaryPrimitives.ReadUInt32LittleEndian(lengths[sizeof(uint)..]));
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < sizeof(uint) or > MaxBytes)
        {
            return false;
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (count > MaxCount || sizeof(uint) + count * 2 * sizeof(uint) > bytes.Length)
        {
            return false;
        }

        long position = sizeof(uint) + count * 2 * sizeof(uint);
        for (var i = 0; i < count; i++)
        {
            var (name, value) = Lengths(bytes, i);
            if (!EndsWithZero(bytes, ref position, name) || !EndsWithZero(bytes, ref position, value))
            {
                return false;
            }
        }

        return position == bytes.Length;
    }

    private static bool EndsWithZero(ReadOnlySpan<byte> bytes, ref long position, uint length)
    {
        position += length;
        return position < bytes.Length && bytes[(int)position++] == 0;
    }
}

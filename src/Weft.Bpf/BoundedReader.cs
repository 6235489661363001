using System.Buffers.Binary;

namespace Weft.Bpf;

/// <summary>
/// Reads numbers and pieces out of bytes that may be hostile: each place outside of them is a
/// <see cref="BpfFormatException"/> that names what was read.
/// </summary>
internal readonly ref struct BoundedReader(ReadOnlySpan<byte> bytes, bool isBigEndian, string name)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Length => _bytes.Length;

    public ushort UInt16(long at)
    {
        var bytes = Slice(at, 2);
        return isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint UInt32(long at)
    {
        var bytes = Slice(at, 4);
        return isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public int Int32(long at) => (int)UInt32(at);

    public ulong UInt64(long at)
    {
        var bytes = Slice(at, 8);
        return isBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public byte Byte(long at) => Slice(at, 1)[0];

    public ReadOnlySpan<byte> Slice(long at, long size) =>
        at < 0 || size < 0 || at > _bytes.Length || size > _bytes.Length - at
            ? throw new BpfFormatException($"{name}: {size} bytes at {at} are outside of its {_bytes.Length} bytes")
            : _bytes.Slice((int)at, (int)size);
}

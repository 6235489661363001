using System.Buffers;
using System.Buffers.Binary;

namespace Weft.Bpf.Linking.Static;

/// <summary>Writes numbers of either byte order, one behind the other.</summary>
internal sealed class ByteWriter(bool isBigEndian)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int Length => _bytes.WrittenCount;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Byte(byte value) => _bytes.Write((ReadOnlySpan<byte>)[value]);

    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public void UInt16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        Write(bytes);
    }

    public void UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Write(bytes);
    }

    public void UInt64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Write(bytes);
    }

    public void Align(int size)
    {
        while (Length % size != 0)
        {
            _bytes.Write((ReadOnlySpan<byte>)[0]);
        }
    }

    private void Write(Span<byte> bytes)
    {
        if (isBigEndian)
        {
            bytes.Reverse();
        }

        _bytes.Write((ReadOnlySpan<byte>)bytes);
    }
}

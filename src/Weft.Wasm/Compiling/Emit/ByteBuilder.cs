using System.Text;

namespace Weft.Wasm.Compiling.Emit;

/// <summary>Bytes of the binary format as they come to be: LEB128 numbers, names, sections.</summary>
internal sealed class ByteBuilder
{
    private byte[] _bytes = new byte[64];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Count);

    public ByteBuilder Byte(int value)
    {
        if (Count == _bytes.Length)
        {
            Array.Resize(ref _bytes, Count * 2);
        }

        _bytes[Count++] = (byte)value;
        return this;
    }

    public ByteBuilder Bytes(ReadOnlySpan<byte> values)
    {
        while (Count + values.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        values.CopyTo(_bytes.AsSpan(Count));
        Count += values.Length;
        return this;
    }

    public ByteBuilder Unsigned(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((int)(value & 0x7f) | 0x80);
        }

        return Byte((int)value);
    }

    public ByteBuilder Signed(long value)
    {
        while (value is < -64 or > 63)
        {
            Byte((int)(value & 0x7f) | 0x80);
            value >>= 7;
        }

        return Byte((int)(value & 0x7f));
    }

    public ByteBuilder Name(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return Unsigned((uint)bytes.Length).Bytes(bytes);
    }

    /// <summary>A section: its number, its length, what is in it.</summary>
    public ByteBuilder Section(int id, ByteBuilder content) =>
        Byte(id).Unsigned((uint)content.Count).Bytes(content.Written);

    public byte[] ToArray() => Written.ToArray();
}

namespace Weft.Bpf.Btf;

/// <summary>Where types and strings stand in BTF.</summary>
internal readonly record struct BtfHeader(bool IsBigEndian, int TypesAt, int TypesSize, int StringsAt, int StringsSize)
{
    public const ushort Magic = 0xEB9F;
    public const int Size = 24;

    public static BtfHeader Read(ReadOnlySpan<byte> bytes, string name)
    {
        var little = new BoundedReader(bytes, false, name);
        var isBigEndian = little.UInt16(0) switch
        {
            Magic => false,
            0x9FEB => true,
            var other => throw new BpfFormatException($"{name}: is no BTF, it begins with {other:x4}"),
        };
        var reader = new BoundedReader(bytes, isBigEndian, name);
        if (reader.Byte(2) != 1)
        {
            throw new BpfFormatException($"{name}: BTF of version {reader.Byte(2)} is not known");
        }

        long start = reader.UInt32(4);
        if (start < Size)
        {
            throw new BpfFormatException($"{name}: its header has {start} bytes");
        }

        var (types, strings) = (start + reader.UInt32(8), start + reader.UInt32(16));
        var (typesSize, stringsSize) = (reader.UInt32(12), reader.UInt32(20));
        reader.Slice(types, typesSize);
        var text = reader.Slice(strings, stringsSize);
        if (types % 4 != 0 || (text.Length > 0 && text[^1] != 0))
        {
            throw new BpfFormatException($"{name}: its types are not aligned, or its strings have no end");
        }

        return new(isBigEndian, (int)types, (int)typesSize, (int)strings, (int)stringsSize);
    }

    /// <summary>How long BTF is that begins so; 0 where that is not BTF of this machine.</summary>
    public static long FileSize(ReadOnlySpan<byte> start)
    {
        var reader = new BoundedReader(start, !BitConverter.IsLittleEndian, "BTF");
        if (start.Length < Size || reader.UInt16(0) != Magic)
        {
            return 0;
        }

        var types = (long)reader.UInt32(8) + reader.UInt32(12);
        var strings = (long)reader.UInt32(16) + reader.UInt32(20);
        return reader.UInt32(4) + Math.Max(types, strings);
    }
}

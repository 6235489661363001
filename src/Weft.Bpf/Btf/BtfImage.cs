using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Weft.Bpf.Btf;

/// <summary>
/// BTF that can be changed: its records as numbers of this machine, for they consist of nothing else, and its strings.
/// </summary>
internal sealed class BtfImage
{
    private const byte Version = 1;

    private BtfImage(BtfStrings strings) => Strings = strings;

    public BtfStrings Strings { get; }

    /// <summary>All records, one after another.</summary>
    public List<uint> Words { get; } = [];

    public static BtfImage Empty(BtfSpec? below) =>
        new(new BtfStrings(below is null ? 0 : below.StringBase + (uint)below.Header.StringsSize));

    /// <summary>A copy of a file, whose types keep their ids and places.</summary>
    public static BtfImage Of(BtfSpec file)
    {
        var result = new BtfImage(new(file.Bytes.Span.Slice(file.Header.StringsAt, file.Header.StringsSize)));
        var types = file.Bytes.Span.Slice(file.Header.TypesAt, file.Header.TypesSize);
        CollectionsMarshal.SetCount(result.Words, types.Length / sizeof(uint));
        var words = CollectionsMarshal.AsSpan(result.Words);
        types[..(words.Length * sizeof(uint))].CopyTo(MemoryMarshal.AsBytes(words));
        if (file.IsBigEndian == BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(words, words);
        }

        return result;
    }

    public byte[] ToBytes(bool isBigEndian)
    {
        var types = Words.Count * sizeof(uint);
        var strings = Strings.Bytes;
        var bytes = new byte[BtfHeader.Size + types + strings.Length];
        uint[] header = [BtfHeader.Size, 0, (uint)types, (uint)types, (uint)strings.Length];
        bytes[2] = Version;
        if (isBigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, BtfHeader.Magic);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, BtfHeader.Magic);
        }

        Write(header, bytes.AsSpan(4), isBigEndian);
        Write(CollectionsMarshal.AsSpan(Words), bytes.AsSpan(BtfHeader.Size), isBigEndian);
        strings.CopyTo(bytes.AsSpan(BtfHeader.Size + types));
        return bytes;
    }

    private static void Write(ReadOnlySpan<uint> words, Span<byte> bytes, bool isBigEndian)
    {
        var target = MemoryMarshal.Cast<byte, uint>(bytes)[..words.Length];
        if (isBigEndian == BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(words, target);
        }
        else
        {
            words.CopyTo(target);
        }
    }
}

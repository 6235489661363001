using System.Buffers.Binary;

namespace Weft.Bpf.Btf;

/// <summary>The names of all types of one file, one after another, without looking up each time where things are.</summary>
internal readonly ref struct BtfNames(BtfSpec file, ReadOnlySpan<byte> types, ReadOnlySpan<byte> strings, ReadOnlySpan<uint> offsets)
{
    /// <summary>No name has as many bytes: the kernel takes half of that. To look at longer ones for each of many types would take long.</summary>
    public const int Most = 1024;

    private readonly ReadOnlySpan<byte> _types = types;
    private readonly ReadOnlySpan<byte> _strings = strings;
    private readonly ReadOnlySpan<uint> _offsets = offsets;

    /// <summary>The name of the type of a number from 0; empty where it has none, or one that is too long or outside of the file.</summary>
    public ReadOnlySpan<byte> Of(int number)
    {
        var record = _types[(int)_offsets[number]..];
        var at = file.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(record) : BinaryPrimitives.ReadUInt32LittleEndian(record);
        if (at < file.StringBase)
        {
            return at == 0 ? default : file.Base!.StringAt(at, Most);
        }

        // A name that is nowhere is an error for who asks for that type, and no hindrance to find others.
        at -= file.StringBase;
        if (at >= (uint)_strings.Length)
        {
            return default;
        }

        var rest = _strings[(int)at..];
        var length = rest[..Math.Min(rest.Length, Most)].IndexOf((byte)0);
        return length < 0 ? default : rest[..length];
    }
}

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

    /// <summary>The hash of the name of the type of a number from 0, without its flavour; false where it has no name.</summary>
    public bool TryHash(int number, out uint hash)
    {
        var at = NameAt(number);
        var own = at - file.StringBase;
        if (at != 0 && at >= file.StringBase && own < (uint)_strings.Length && BtfNameHash.TryScan(Near((int)own), out hash))
        {
            return _strings[(int)own] != 0;
        }

        var name = BtfName.Essential(At(at));
        hash = BtfNameHash.Of(name);
        return name.Length > 0;
    }

    private uint NameAt(int number)
    {
        var record = _types[(int)_offsets[number]..];
        return file.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(record) : BinaryPrimitives.ReadUInt32LittleEndian(record);
    }

    private ReadOnlySpan<byte> Near(int at) => _strings.Slice(at, Math.Min(_strings.Length - at, Most));

    // Empty where it is too long or outside of the file.
    private ReadOnlySpan<byte> At(uint at)
    {
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

        var near = Near((int)at);
        var length = near.IndexOf((byte)0);
        return length < 0 ? default : near[..length];
    }
}

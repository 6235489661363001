using System.Runtime.InteropServices;

namespace Weft.Bpf.Btf;

/// <summary>Changes in a copy of BTF, by the ids of its types, which all keep them.</summary>
internal sealed class BtfEdit
{
    private const int NameWord = 0;
    private const int InfoWord = 1;
    private const int ValueWord = 2;
    private const int HeadWords = BtfRecord.HeadSize / sizeof(uint);

    private readonly BtfSpec _file;
    private readonly BtfImage _image;
    private readonly List<int> _added = [];

    public BtfEdit(BtfSpec file)
    {
        _file = file;
        _image = BtfImage.Of(file);
    }

    public BtfSpec File => _file;

    public uint EndId => _file.EndId + (uint)_added.Count;

    /// <summary>The place of a type's name.</summary>
    public ref uint Name(uint id) => ref _image.Words.Span()[At(id) + NameWord];

    /// <summary>Its size, or the type that it leads to.</summary>
    public ref uint Value(uint id) => ref _image.Words.Span()[At(id) + ValueWord];

    /// <summary>What follows the head of its record.</summary>
    public Span<uint> Tail(uint id)
    {
        var at = At(id);
        var size = BtfScan.TailSize(_image.Words[at + InfoWord]);
        return _image.Words.Span().Slice(at + HeadWords, size / sizeof(uint));
    }

    public BtfKind Kind(uint id) => id == 0 ? BtfKind.Void : new BtfRecord(0, _image.Words[At(id) + InfoWord], 0).Kind;

    /// <summary>How many parts a type has, or the linkage of a function.</summary>
    public uint Count(uint id) => _image.Words[At(id) + InfoWord] & 0xFFFF;

    /// <summary>Makes another kind of a type. What follows its head must have the same size.</summary>
    public void SetKind(uint id, BtfKind kind, uint count) =>
        _image.Words.Span()[At(id) + InfoWord] = ((uint)kind << 24) | count;

    public uint AddText(string text) => _image.Strings.Add(text);

    public uint Add(BtfType type)
    {
        var at = _image.Words.Count;
        BtfEncoder.Encode(_image, type);
        _added.Add(at);
        return EndId - 1;
    }

    public byte[] ToBytes() => _image.ToBytes(!BitConverter.IsLittleEndian);

    private int At(uint id) =>
        id >= _file.EndId && id < EndId ? _added[(int)(id - _file.EndId)]
        : id == 0 ? throw new BpfFormatException("void stands where a type must")
        : (_file.Owner(id).RecordAt(id) - _file.Header.TypesAt) / sizeof(uint);
}

/// <summary>The numbers of a list, until it grows.</summary>
internal static class ListOfNumbers
{
    public static Span<uint> Span(this List<uint> list) => CollectionsMarshal.AsSpan(list);
}

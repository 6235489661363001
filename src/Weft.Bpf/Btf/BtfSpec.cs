using System.Text;

namespace Weft.Bpf.Btf;

/// <summary>
/// The types of an object or of a kernel. Opening one looks once at the head of each record; a type is decoded when it is
/// asked for, and an index of names is made when the first name is. It keeps the bytes that it was given, and no copy.
/// Ids are continued from <see cref="Base"/>, as in the BTF of kernel modules. May be read by several threads.
/// </summary>
public sealed partial class BtfSpec
{
    /// <summary>The most types, as the kernel has it (<c>BTF_MAX_TYPE</c>).</summary>
    public const uint MaxTypes = 0xFFFFF;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly BtfHeader _header;
    private readonly string _name;
    private readonly BtfNumbers _offsets;
    private readonly Lazy<BtfNameIndex> _index;

    private BtfSpec(ReadOnlyMemory<byte> bytes, BtfHeader header, BtfSpec? below, string name)
    {
        _bytes = bytes;
        _header = header;
        _name = name;
        Base = below;
        FirstId = below?.EndId ?? 1;
        StringBase = below is null ? 0 : below.StringBase + (uint)below._header.StringsSize;
        _offsets = BtfScan.Offsets(Types, IsBigEndian, FirstId, name);
        _index = new(() => BtfNameIndex.Of(this));
    }

    /// <summary>The types that this one continues; null where it stands alone.</summary>
    public BtfSpec? Base { get; }

    /// <summary>The id of its first type: 1 where it stands alone.</summary>
    public uint FirstId { get; }

    /// <summary>The id after its last type.</summary>
    public uint EndId => FirstId + (uint)_offsets.Length;

    /// <summary>How many types it has itself, without <c>void</c>.</summary>
    public int Count => _offsets.Length;

    /// <summary>Whether it was written by a machine with the most significant byte first.</summary>
    public bool IsBigEndian => _header.IsBigEndian;

    /// <summary>The bytes that it was read from.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    internal BtfHeader Header => _header;

    internal uint StringBase { get; }

    private ReadOnlySpan<byte> Types => _bytes.Span.Slice(_header.TypesAt, _header.TypesSize);

    /// <summary>Reads BTF.</summary>
    /// <param name="bytes">The bytes, which must not change while the result is used.</param>
    /// <param name="below">The types that it continues: those of <c>vmlinux</c> for a kernel module.</param>
    /// <param name="name">How errors name it.</param>
    /// <exception cref="BpfFormatException">It is no BTF, or damaged.</exception>
    public static BtfSpec Parse(ReadOnlyMemory<byte> bytes, BtfSpec? below = null, string name = ".BTF") =>
        new(bytes, BtfHeader.Read(bytes.Span, name), below, name);

    /// <summary>A type.</summary>
    /// <exception cref="BpfFormatException">There is none with this id, or its record is damaged.</exception>
    public BtfType Get(uint id)
    {
        if (id == 0)
        {
            return Void;
        }

        return id < FirstId
            ? Base!.Get(id)
            : id < EndId ? BtfDecoder.Decode(this, id, Record(id, out var tail), tail) : throw NoType(id);
    }

    /// <summary>The kind of a type, without decoding it.</summary>
    public BtfKind KindOf(uint id) => id == 0 ? BtfKind.Void : Owner(id).Record(id, out _).Kind;

    /// <summary>The name of a type, without decoding it.</summary>
    public string NameOf(uint id) => Encoding.UTF8.GetString(NameBytes(id));

    internal static BtfVoid Void { get; } = new();

    internal ReadOnlySpan<byte> NameBytes(uint id) => id == 0 ? default : Owner(id).OwnNameBytes(id);

    /// <summary>A string, without its end.</summary>
    /// <param name="at">Where it begins.</param>
    /// <param name="most">With this many bytes it is refused.</param>
    internal ReadOnlySpan<byte> StringAt(uint at, int most = int.MaxValue)
    {
        if (at < StringBase)
        {
            return Base!.StringAt(at, most);
        }

        at -= StringBase;
        if (at == 0 && _header.StringsSize == 0)
        {
            return default;
        }

        if (at >= _header.StringsSize)
        {
            throw new BpfFormatException($"{_name}: string {at} is outside of {_header.StringsSize} bytes");
        }

        var rest = _bytes.Span.Slice(_header.StringsAt + (int)at, _header.StringsSize - (int)at);
        var length = rest[..Math.Min(rest.Length, most)].IndexOf((byte)0);
        return length >= 0 ? rest[..length] : throw new BpfFormatException($"{_name}: string {at} is longer than {most} bytes");
    }

    internal string TextAt(uint at) => Encoding.UTF8.GetString(StringAt(at));

    /// <summary>The head of a type's record of this file, and the rest of it.</summary>
    internal BtfRecord Record(uint id, out BoundedReader tail)
    {
        long at = _offsets[(int)(id - FirstId)];
        var reader = new BoundedReader(Types, IsBigEndian, _name);
        var record = new BtfRecord(reader.UInt32(at), reader.UInt32(at + 4), reader.UInt32(at + 8));
        tail = new BoundedReader(reader.Slice(at + BtfRecord.HeadSize, record.TailSize), IsBigEndian, _name);
        return record;
    }

    internal BtfSpec Owner(uint id) => id < FirstId ? Base!.Owner(id) : id < EndId ? this : throw NoType(id);

    /// <summary>Where the record of a type of this file begins in <see cref="Bytes"/>.</summary>
    internal int RecordAt(uint id) => _header.TypesAt + (int)_offsets[(int)(id - FirstId)];

    private BpfFormatException NoType(uint id) => new($"{_name}: there is no type {id}");

    private ReadOnlySpan<byte> OwnNameBytes(uint id) => StringAt(Record(id, out _).NameAt, BtfNames.Most);

    /// <summary>All names of this file's types.</summary>
    internal BtfNames OwnNames() => new(this, Types, _bytes.Span.Slice(_header.StringsAt, _header.StringsSize), _offsets.Span);

    /// <summary>Gives back what it holds outside of the heap; it cannot be used any more.</summary>
    internal void Release()
    {
        if (_index.IsValueCreated)
        {
            _index.Value.Dispose();
        }

        _offsets.Dispose();
    }
}

using System.Collections.Immutable;
using System.Text;

namespace Weft.Bpf.Btf;

/// <summary>
/// The types of an object or of a kernel. Opening one looks once at the head of each record; a type is decoded when it is
/// asked for, and an index of names is made when the first name is. It keeps the bytes that it was given, and no copy.
/// Ids are continued from <see cref="Base"/>, as in the BTF of kernel modules. May be read by several threads.
/// </summary>
public sealed class BtfSpec
{
    /// <summary>The most types, as the kernel has it (<c>BTF_MAX_TYPE</c>).</summary>
    public const uint MaxTypes = 0xFFFFF;

    private const int MaxDepth = 32;

    private static readonly string[] LongNames = ["long unsigned int", "long int", "unsigned long", "long"];

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly BtfHeader _header;
    private readonly string _name;
    private readonly uint[] _offsets;
    private readonly Lazy<BtfNameIndex> _index;
    private readonly Lazy<int> _pointerSize;

    private BtfSpec(ReadOnlyMemory<byte> bytes, BtfHeader header, BtfSpec? below, string name)
    {
        _bytes = bytes;
        _header = header;
        _name = name;
        Base = below;
        FirstId = below?.EndId ?? 1;
        StringBase = below is null ? 0 : below.StringBase + (uint)below._header.StringsSize;
        _offsets = Scan();
        _index = new(() => BtfNameIndex.Of(this));
        _pointerSize = new(FindPointerSize);
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

    /// <summary>The bytes of a pointer on the machine that it describes: those of its type <c>long</c>; 8 where there is none.</summary>
    internal int PointerSize => _pointerSize.Value;

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

    /// <summary>The types with this name and kind, here and in <see cref="Base"/>.</summary>
    public IEnumerable<uint> Find(string name, BtfKind kind) => Find(name).Where(id => KindOf(id) == kind);

    /// <summary>The types with this name, of any kind, here and in <see cref="Base"/>.</summary>
    public IEnumerable<uint> Find(string name) => Find(Encoding.UTF8.GetBytes(name), true);

    /// <summary>
    /// The types that are called so when what follows three underscores is taken off (<c>task_struct___v2</c>), here and in
    /// <see cref="Base"/>.
    /// </summary>
    /// <param name="name">The name without such an ending.</param>
    public IEnumerable<uint> FindFlavours(string name) => Find(Encoding.UTF8.GetBytes(name), false);

    /// <summary>The first type with this name and kind; null where there is none.</summary>
    public T? Find<T>(string name, BtfKind kind)
        where T : BtfType => Find(name, kind).Select(Get).OfType<T>().FirstOrDefault();

    /// <summary>What is left of a type without names and qualifiers: typedef, const, volatile, restrict and tags.</summary>
    /// <exception cref="BpfFormatException">They lead in a circle.</exception>
    public uint Skip(uint id)
    {
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            if (KindOf(id) is not (BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag))
            {
                return id;
            }

            id = Owner(id).Record(id, out _).SizeOrType;
        }

        throw new BpfFormatException($"{_name}: the names and qualifiers of type {id} have no end");
    }

    /// <summary>The bytes that a value of a type takes; 8 for a pointer.</summary>
    /// <exception cref="BpfFormatException">It has no size, or types lead in a circle.</exception>
    public long SizeOf(uint id) => SizeOf(id, 8);

    internal long SizeOf(uint id, int pointerSize)
    {
        long count = 1;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            id = Skip(id);
            if (id == 0)
            {
                throw new BpfFormatException($"{_name}: void has no size");
            }

            var record = Owner(id).Record(id, out var tail);
            switch (record.Kind)
            {
                case BtfKind.Int or BtfKind.Float or BtfKind.Enum or BtfKind.Enum64:
                case BtfKind.Struct or BtfKind.Union or BtfKind.DataSection:
                    return Times(count, record.SizeOrType, id);
                case BtfKind.Pointer:
                    return Times(count, (uint)pointerSize, id);
                case BtfKind.Variable:
                    id = record.SizeOrType;
                    break;
                case BtfKind.Array:
                    (count, id) = (Times(count, tail.UInt32(8), id), tail.UInt32(0));
                    break;
                default:
                    throw new BpfFormatException($"{_name}: type {id} ({record.Kind}) has no size");
            }
        }

        throw new BpfFormatException($"{_name}: array {id} has no end");
    }

    /// <summary>As <see cref="FindFlavours(string)"/>, without those of <see cref="Base"/>.</summary>
    internal List<uint> FindOwnFlavours(ReadOnlySpan<byte> name) => FindOwn(name, false);

    internal static BtfVoid Void { get; } = new();

    internal ReadOnlySpan<byte> NameBytes(uint id) => id == 0 ? default : Owner(id).OwnNameBytes(id);

    /// <summary>A string, without its end.</summary>
    internal ReadOnlySpan<byte> StringAt(uint at)
    {
        if (at < StringBase)
        {
            return Base!.StringAt(at);
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
        return rest[..rest.IndexOf((byte)0)];
    }

    internal string TextAt(uint at) => Encoding.UTF8.GetString(StringAt(at));

    /// <summary>The head of a type's record of this file, and the rest of it.</summary>
    internal BtfRecord Record(uint id, out BoundedReader tail)
    {
        long at = _offsets[id - FirstId];
        var reader = new BoundedReader(Types, IsBigEndian, _name);
        var record = new BtfRecord(reader.UInt32(at), reader.UInt32(at + 4), reader.UInt32(at + 8));
        tail = new BoundedReader(reader.Slice(at + BtfRecord.HeadSize, record.TailSize), IsBigEndian, _name);
        return record;
    }

    internal BtfSpec Owner(uint id) => id < FirstId ? Base!.Owner(id) : id < EndId ? this : throw NoType(id);

    /// <summary>Where the record of a type of this file begins in <see cref="Bytes"/>.</summary>
    internal int RecordAt(uint id) => _header.TypesAt + (int)_offsets[id - FirstId];

    private BpfFormatException NoType(uint id) => new($"{_name}: there is no type {id}");

    private ReadOnlySpan<byte> OwnNameBytes(uint id) => StringAt(Record(id, out _).NameAt);

    private long Times(long count, uint size, uint id) => (ulong)count * size <= uint.MaxValue
        ? count * size
        : throw new BpfFormatException($"{_name}: type {id} is too large");

    private IEnumerable<uint> Find(byte[] name, bool isExact)
    {
        var own = FindOwn(name, isExact);
        return Base is null ? own : own.Concat(Base.Find(name, isExact));
    }

    private List<uint> FindOwn(ReadOnlySpan<byte> name, bool isExact)
    {
        var found = new List<uint>();
        foreach (var id in _index.Value.Find(BtfName.Essential(name)))
        {
            var other = OwnNameBytes(id);
            if (name.SequenceEqual(isExact ? other : BtfName.Essential(other)))
            {
                found.Add(id);
            }
        }

        return found;
    }

    private int FindPointerSize() => Base?.PointerSize
        ?? LongNames.Select(name => Find<BtfInt>(name, BtfKind.Int)).FirstOrDefault(type => type?.Size is 4 or 8) switch
        {
            { Size: var size } => (int)size,
            null => 8,
        };

    private uint[] Scan()
    {
        var reader = new BoundedReader(Types, IsBigEndian, _name);
        var offsets = new List<uint>(reader.Length / 40);
        for (long at = 0; at < reader.Length;)
        {
            var info = reader.UInt32(at + 4);
            var tail = BtfRecord.TailOf((BtfKind)((info >> 24) & 31), (int)(info & 0xFFFF));
            if (tail < 0)
            {
                throw new BpfFormatException($"{_name}: type {FirstId + offsets.Count} is of a kind that is not known, {(info >> 24) & 31}");
            }

            offsets.Add((uint)at);
            at += BtfRecord.HeadSize + tail;
            if (at > reader.Length || FirstId + offsets.Count > MaxTypes)
            {
                throw new BpfFormatException($"{_name}: type {FirstId + offsets.Count - 1} is cut off, or there are too many");
            }
        }

        return [.. offsets];
    }
}

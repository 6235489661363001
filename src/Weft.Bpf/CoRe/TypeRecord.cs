using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>
/// A type as its bytes have it. Relocation looks at thousands of members and needs few of their names, so nothing is
/// decoded and no text is made.
/// </summary>
internal readonly ref struct TypeRecord
{
    private readonly BoundedReader _tail;

    public TypeRecord(BtfSpec file, uint id)
    {
        Id = id;
        if (id != 0)
        {
            Head = file.Owner(id).Record(id, out _tail);
        }
    }

    public uint Id { get; }

    public BtfRecord Head { get; }

    public BtfKind Kind => Head.Kind;

    public int Count => Head.Count;

    /// <summary>What a pointer points to, the result of a prototype.</summary>
    public uint Target => Head.SizeOrType;

    public bool IsComposite => Kind is BtfKind.Struct or BtfKind.Union;

    public bool IsEnum => Kind is BtfKind.Enum or BtfKind.Enum64;

    public uint Element => _tail.UInt32(0);

    public uint Length => _tail.UInt32(8);

    public BtfIntEncoding Encoding => (BtfIntEncoding)((_tail.UInt32(0) >> 24) & 15);

    /// <summary>The first bit of an integer that counts: not 0 in bit fields of very old compilers only.</summary>
    public uint IntOffset => (_tail.UInt32(0) >> 16) & 0xFF;

    public MemberRecord Member(int index)
    {
        var at = index * 12L;
        var place = _tail.UInt32(at + 8);
        return Head.Flag
            ? new(_tail.UInt32(at), _tail.UInt32(at + 4), place & 0xFFFFFF, place >> 24)
            : new(_tail.UInt32(at), _tail.UInt32(at + 4), place, 0);
    }

    public uint Parameter(int index) => _tail.UInt32((index * 8L) + 4);

    /// <summary>Where the name of an enumerator stands.</summary>
    public uint EnumeratorName(int index) => _tail.UInt32(index * (Kind == BtfKind.Enum64 ? 12L : 8L));

    /// <summary>The value of an enumerator; a signed one has its sign in all 64 bits.</summary>
    public ulong EnumeratorValue(int index)
    {
        var low = _tail.UInt32((index * (Kind == BtfKind.Enum64 ? 12L : 8L)) + 4);
        return Kind == BtfKind.Enum64
            ? low | ((ulong)_tail.UInt32((index * 12L) + 8) << 32)
            : Head.Flag ? (ulong)(int)low : low;
    }
}

/// <summary>A member as its bytes have it: where its name stands, its type, and its place in bits.</summary>
/// <param name="BitSize">The bits of a bit field; 0 for others.</param>
internal readonly record struct MemberRecord(uint NameAt, uint Type, uint BitOffset, uint BitSize);

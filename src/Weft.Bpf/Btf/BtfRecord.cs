namespace Weft.Bpf.Btf;

/// <summary>The head of a type's record: 12 bytes, then what its kind has.</summary>
internal readonly record struct BtfRecord(uint NameAt, uint Info, uint SizeOrType)
{
    public const int HeadSize = 12;

    public BtfKind Kind => (BtfKind)((Info >> 24) & 31);

    public int Count => (int)(Info & 0xFFFF);

    /// <summary>Bit fields in members, or signed values in an enumeration, or a union that is only declared.</summary>
    public bool Flag => Info >> 31 != 0;

    /// <summary>The bytes behind the head; -1 for a kind that is not known.</summary>
    public int TailSize => TailOf(Kind, Count);

    public static int TailOf(BtfKind kind, int count) => kind switch
    {
        BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag => 4,
        BtfKind.Array => 12,
        BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => count * 12,
        BtfKind.Enum or BtfKind.Prototype => count * 8,
        BtfKind.Pointer or BtfKind.Forward or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict
            or BtfKind.Function or BtfKind.Float or BtfKind.TypeTag => 0,
        _ => -1,
    };
}

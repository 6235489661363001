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
    public int TailSize => BtfScan.TailSize(Info);
}

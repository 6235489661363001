using System.Globalization;

namespace Weft.Bpf.Btf;

/// <summary>A member of a structure in a header, or what stands in a gap between two.</summary>
internal readonly record struct BtfHeaderPart(BtfMember Member, string? Padding);

/// <summary>
/// Says what must be written so that clang lays structures out as BTF says they are: what is at odd places is packed, and
/// where a compiler would not leave a gap by itself stands what fills it.
/// </summary>
internal sealed class BtfHeaderLayout(BtfSpec types)
{
    private const int Byte = 8;
    private const int Word = 64;
    private const int MaxDepth = 64;
    private const uint PointerAlignment = 8;
    private const uint MaxAlignment = 16;

    // Larger gaps are not filled word by word.
    private const long MostWords = 32;

    private readonly Dictionary<uint, uint> _alignments = [];
    private int _depth;

    /// <summary>Whether its members are not where the compiler would put them.</summary>
    public bool IsPacked(BtfComposite type) => AlignmentOf(type, out var isPacked) > 0 && isPacked;

    /// <summary>Its members with what fills gaps; no members where they overlap, which C cannot say.</summary>
    public List<BtfHeaderPart> PartsOf(BtfComposite type)
    {
        var alignment = AlignmentOf(type, out var isPacked) * Byte;
        List<BtfHeaderPart> parts = [];
        long end = 0;
        foreach (var member in type.Members.Select(Plain))
        {
            var start = type.Kind == BtfKind.Union ? 0 : end;
            if (member.BitOffset < start)
            {
                return Opaque(type);
            }

            var usual = isPacked ? member.BitSize > 0 ? start : Up(start, Byte) : Usual(member, start);
            if (usual != member.BitOffset)
            {
                Fill(parts, start, member.BitOffset);
            }

            parts.Add(new(member, null));
            end = Math.Max(end, member.BitOffset + BitsOf(member));
        }

        var size = (long)type.Size * Byte;
        if (end > size)
        {
            return Opaque(type);
        }

        if (Up(end, isPacked ? Byte : alignment) != size)
        {
            Fill(parts, type.Kind == BtfKind.Union ? 0 : end, size, isUnion: type.Kind == BtfKind.Union);
        }

        return parts;
    }

    private static List<BtfHeaderPart> Opaque(BtfComposite type)
    {
        List<BtfHeaderPart> parts = [new(default, "/* its members overlap */")];
        Bytes(parts, type.Size);
        return parts;
    }

    private static void Fill(List<BtfHeaderPart> parts, long from, long to, bool isUnion = false)
    {
        if (isUnion || to - from > MostWords * Word)
        {
            var start = Up(from, Word);
            Fill(parts, from, start);
            Bytes(parts, (to - start) / Byte);
            from = to - ((to - start) % Byte);
        }

        // A field without a name takes room, and does not change how the structure is aligned.
        for (; from < to; from = Math.Min(to, Up(from + 1, Word)))
        {
            parts.Add(new(default, string.Create(CultureInfo.InvariantCulture, $"long : {Math.Min(to, Up(from + 1, Word)) - from};")));
        }
    }

    private static void Bytes(List<BtfHeaderPart> parts, long count) =>
        parts.Add(new(default, string.Create(CultureInfo.InvariantCulture, $"unsigned char __gap{parts.Count}[{count}];")));

    // As the compiler would put it behind what ends there.
    private long Usual(BtfMember member, long start)
    {
        if (member.BitSize == 0)
        {
            return Up(start, AlignmentOf(member.Type) * Byte);
        }

        var unit = types.SizeOf(member.Type) * Byte;
        return Crosses(start, member.BitSize, unit) ? Up(start, unit) : start;
    }

    private long BitsOf(BtfMember member) => member.BitSize > 0 ? member.BitSize : SizeOf(member.Type) * Byte;

    // A function has none, and is no member either; what is only declared neither.
    private long SizeOf(uint id) => types.KindOf(types.Skip(id)) is BtfKind.Forward or BtfKind.Prototype or BtfKind.Void ? 0 : types.SizeOf(id);

    /// <summary>Old compilers told of bit fields by integers of few bits.</summary>
    private BtfMember Plain(BtfMember member) =>
        member.BitSize == 0 && types.Get(types.Skip(member.Type)) is BtfInt { Bits: var bits, Offset: var offset, Size: var size }
            && bits > 0 && (bits < size * Byte || offset > 0)
            ? member with { BitSize = bits, BitOffset = member.BitOffset + offset }
            : member;

    private uint AlignmentOf(uint id)
    {
        for (var i = 0; i < MaxDepth; i++)
        {
            switch (types.Get(types.Skip(id)))
            {
                case BtfArray array:
                    id = array.Element;
                    break;
                case BtfComposite type:
                    return AlignmentOf(type, out _);
                case BtfEnum type:
                    return OfSize(type.Size);
                case BtfInt or BtfFloat:
                    return OfSize(BtfHeaderBase.SizeOf(types.Get(types.Skip(id))));
                case BtfReference { Kind: BtfKind.Pointer }:
                    return PointerAlignment;
                default:
                    return 1;
            }
        }

        throw new BpfFormatException($"array {id} has no end");
    }

    private static uint OfSize(uint size) => uint.IsPow2(size) && size <= MaxAlignment ? size : 1;

    private uint AlignmentOf(BtfComposite type, out bool isPacked)
    {
        const uint Packed = 0;
        if (!_alignments.TryGetValue(type.Id, out var known))
        {
            if (++_depth > MaxDepth)
            {
                throw new BpfFormatException($"type {type.Id} ({type.Name}) is nested too deeply, or contains itself");
            }

            _alignments[type.Id] = known = Find(type) is { } found ? found : Packed;
            _depth--;
        }

        isPacked = known == Packed;
        return isPacked ? 1 : known;
    }

    private uint? Find(BtfComposite type)
    {
        uint most = 1;
        foreach (var member in type.Members.Select(Plain))
        {
            var alignment = AlignmentOf(member.Type);
            most = Math.Max(most, alignment);
            var isOdd = member.BitSize > 0
                ? Crosses(member.BitOffset, member.BitSize, types.SizeOf(member.Type) * Byte)
                : member.BitOffset % (alignment * Byte) != 0;
            if (isOdd)
            {
                return null;
            }
        }

        return type.Size % most == 0 ? most : null;
    }

    // Whether a bit field would lie in two units of its type.
    private static bool Crosses(long start, int bits, long unit) => unit <= 0 || (start % unit) + bits > unit;

    private static long Up(long bits, long unit) => unit <= 1 ? bits : (bits + unit - 1) / unit * unit;
}

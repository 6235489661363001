namespace Weft.Bpf.Btf;

/// <summary>Makes a record of a type: the way back of <see cref="BtfDecoder"/>.</summary>
internal static class BtfEncoder
{
    private const uint FlagBit = 1u << 31;
    private const int MostParts = 0xFFFF;
    private const uint MostBitOffset = 0xFFFFFF;

    public static void Encode(BtfImage image, BtfType type)
    {
        var (count, flag, sizeOrType) = Head(type);
        if (count > MostParts)
        {
            throw new ArgumentException($"{type.Kind} {type.Name} has {count} parts, and BTF holds {MostParts}.", nameof(type));
        }

        // The parts come first, for one that cannot be held must leave nothing behind.
        var tail = Tail(image, type, flag);
        var name = image.Strings.Add(type.Name);
        image.Words.AddRange([name, (uint)count | ((uint)type.Kind << 24) | (flag ? FlagBit : 0), sizeOrType]);
        image.Words.AddRange(tail);
    }

    private static (int Count, bool Flag, uint SizeOrType) Head(BtfType type) => type switch
    {
        BtfInt t => (0, false, t.Size),
        BtfReference t => (0, false, t.Target),
        BtfArray => (0, false, 0),
        BtfComposite t => (t.Members.Length, t.Members.Any(m => m.BitSize != 0), t.Size),
        BtfEnum t => (t.Values.Length, t.IsSigned, t.Size),
        BtfForward t => (0, t.IsUnion, 0),
        BtfFunction t => ((int)t.Linkage, false, t.Prototype),
        BtfPrototype t => (t.Parameters.Length, false, t.Result),
        BtfVariable t => (0, false, t.Type),
        BtfDataSection t => (t.Variables.Length, false, t.Size),
        BtfFloat t => (0, false, t.Size),
        BtfDeclarationTag t => (0, false, t.Target),
        _ => throw new ArgumentException($"{type.Kind} has no record.", nameof(type)),
    };

    private static IReadOnlyList<uint> Tail(BtfImage image, BtfType type, bool flag) => type switch
    {
        BtfInt t => [((uint)t.Encoding << 24) | ((uint)t.Offset << 16) | t.Bits],
        BtfArray t => [t.Element, t.Index, t.Count],
        BtfComposite t => [.. t.Members.SelectMany(m => (uint[])[image.Strings.Add(m.Name), m.Type, Place(m, flag)])],
        BtfEnum { Kind: BtfKind.Enum64 } t =>
            [.. t.Values.SelectMany(v => (uint[])[image.Strings.Add(v.Name), (uint)v.Value, (uint)(v.Value >> 32)])],
        BtfEnum t => [.. t.Values.SelectMany(v => (uint[])[image.Strings.Add(v.Name), (uint)v.Value])],
        BtfPrototype t => [.. t.Parameters.SelectMany(p => (uint[])[image.Strings.Add(p.Name), p.Type])],
        BtfVariable t => [(uint)t.Linkage],
        BtfDataSection t => [.. t.Variables.SelectMany(v => (uint[])[v.Type, v.Offset, v.Size])],
        BtfDeclarationTag t => [(uint)t.Component],
        _ => [],
    };

    private static uint Place(BtfMember member, bool hasBitFields) =>
        !hasBitFields ? member.BitOffset
        : member.BitOffset <= MostBitOffset ? member.BitOffset | ((uint)member.BitSize << 24)
        : throw new ArgumentException($"Member {member.Name} is too far away for a structure with bit fields.", nameof(member));
}

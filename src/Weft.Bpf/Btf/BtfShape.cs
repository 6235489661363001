using System.Collections.Immutable;
using System.Text.Json;

namespace Weft.Bpf.Btf;

/// <summary>A type as values are written: without names and qualifiers, with what is asked often.</summary>
internal sealed class BtfShape
{
    private const int ByteBits = 8;

    private readonly Dictionary<ulong, JsonEncodedText> _names = [];

    private BtfShape(BtfType type) => Type = type;

    /// <summary>What is left of it.</summary>
    public BtfType Type { get; }

    /// <summary>Bytes; 0 for what has no value.</summary>
    public long Size { get; private init; }

    /// <summary>Whether it is <c>char</c>, by that name or by its encoding: clang does not mark it.</summary>
    public bool IsChar { get; private init; }

    /// <summary>Whether it ends with an array that takes what is left.</summary>
    public bool IsOpen { get; private init; }

    /// <summary>The bits that count of an integer that has more, as old compilers told of bit fields; 0 for others.</summary>
    public int BitSize => Type is BtfInt { Bits: var bits, Size: var size } && bits != size * ByteBits ? bits : 0;

    public ImmutableArray<BtfShapeMember> Members { get; private init; } = [];

    /// <param name="types">The types.</param>
    /// <param name="id">One of them.</param>
    /// <param name="isOpen">Whether another type, its last member's, ends with an array that takes what is left.</param>
    public static BtfShape Of(BtfSpec types, uint id, Func<uint, bool> isOpen)
    {
        id = types.Skip(id);
        if (types.KindOf(id) == BtfKind.Variable)
        {
            id = types.Skip(((BtfVariable)types.Get(id)).Type);
        }

        var type = types.Get(id);
        var result = new BtfShape(type)
        {
            Size = HasValue(type) ? types.SizeOf(id) : 0,
            IsChar = type is BtfInt { Size: 1 } number && (number.Name == "char" || (number.Encoding & BtfIntEncoding.Char) != 0),
            IsOpen = type is BtfArray { Count: 0 } || (LastOf(type) is { BitSize: 0, Type: var last } && isOpen(last)),
            Members = type is BtfComposite { Members: var members } ? [.. members.Where(IsWritten(types)).Select(BtfShapeMember.Of)] : [],
        };
        foreach (var value in type is BtfEnum { Values: var values } ? values : [])
        {
            result._names.TryAdd(value.Value, JsonEncodedText.Encode(value.Name));
        }

        return result;
    }

    /// <summary>The name of an enumeration's value.</summary>
    public bool TryName(ulong value, out JsonEncodedText name) => _names.TryGetValue(value, out name);

    private static bool HasValue(BtfType type) => type is BtfInt or BtfFloat or BtfEnum or BtfComposite or BtfArray or BtfDataSection
        or BtfReference { Kind: BtfKind.Pointer };

    private static BtfMember? LastOf(BtfType type) =>
        type is BtfComposite { Kind: BtfKind.Struct, Members: [.., var last] } ? last : null;

    // What only fills up has no name, and is no structure either.
    private static Func<BtfMember, bool> IsWritten(BtfSpec types) =>
        member => member.Name.Length > 0 || types.KindOf(types.Skip(member.Type)) is BtfKind.Struct or BtfKind.Union;
}

/// <summary>A member with its name as JSON has it.</summary>
internal readonly record struct BtfShapeMember(JsonEncodedText Name, bool IsAnonymous, uint Type, uint BitOffset, byte BitSize)
{
    public static BtfShapeMember Of(BtfMember member) =>
        new(JsonEncodedText.Encode(member.Name), member.Name.Length == 0, member.Type, member.BitOffset, member.BitSize);
}

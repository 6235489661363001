using System.Collections.Immutable;

namespace Weft.Bpf.Btf;

/// <summary>A type of BTF. Other types are named by their ids, in the same <see cref="BtfSpec"/> or in the one below it.</summary>
/// <param name="Id">Its number; 0 is <c>void</c>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name; empty where it has none.</param>
public abstract record BtfType(uint Id, BtfKind Kind, string Name);

/// <summary><c>void</c>, which has no record in a file.</summary>
public sealed record BtfVoid() : BtfType(0, BtfKind.Void, "");

/// <summary>An integer.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Encoding">Whether it is signed, a character, a truth value.</param>
/// <param name="Bits">How many of its bits count.</param>
/// <param name="Offset">The first bit that counts; 0 but in very old files.</param>
public sealed record BtfInt(uint Id, string Name, uint Size, BtfIntEncoding Encoding, byte Bits, byte Offset)
    : BtfType(Id, BtfKind.Int, Name)
{
    /// <summary>Whether it is signed.</summary>
    public bool IsSigned => (Encoding & BtfIntEncoding.Signed) != 0;
}

/// <summary>What an integer stands for.</summary>
[Flags]
public enum BtfIntEncoding : byte
{
    /// <summary>An unsigned number.</summary>
    None = 0,

    /// <summary>A signed number.</summary>
    Signed = 1,

    /// <summary>A character.</summary>
    Char = 2,

    /// <summary>A truth value.</summary>
    Bool = 4,
}

/// <summary>A pointer, another name, a qualifier or a tag: what leads to one other type.</summary>
/// <param name="Target">The other type; 0 for <c>void</c>.</param>
public sealed record BtfReference(uint Id, BtfKind Kind, string Name, uint Target) : BtfType(Id, Kind, Name);

/// <summary>An array.</summary>
/// <param name="Element">The type of its elements.</param>
/// <param name="Index">The type of its index.</param>
/// <param name="Count">How many elements; 0 for a flexible one.</param>
public sealed record BtfArray(uint Id, uint Element, uint Index, uint Count) : BtfType(Id, BtfKind.Array, "");

/// <summary>A structure or union.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Members">Its members in order.</param>
public sealed record BtfComposite(uint Id, BtfKind Kind, string Name, uint Size, ImmutableArray<BtfMember> Members)
    : BtfType(Id, Kind, Name);

/// <summary>A member of a structure or union.</summary>
/// <param name="Name">Its name; empty for an anonymous structure or union.</param>
/// <param name="Type">Its type.</param>
/// <param name="BitOffset">Where it begins, in bits.</param>
/// <param name="BitSize">The bits of a bit field; 0 for others.</param>
public readonly record struct BtfMember(string Name, uint Type, uint BitOffset, byte BitSize);

/// <summary>An enumeration, of kind <see cref="BtfKind.Enum"/> or <see cref="BtfKind.Enum64"/>.</summary>
/// <param name="Size">Bytes of a value.</param>
/// <param name="IsSigned">Whether its values are signed.</param>
/// <param name="Values">Its values in order.</param>
public sealed record BtfEnum(uint Id, BtfKind Kind, string Name, uint Size, bool IsSigned, ImmutableArray<BtfEnumerator> Values)
    : BtfType(Id, Kind, Name);

/// <summary>A value of an enumeration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its bits; those of a signed one of 32 bits with its sign in all 64.</param>
public readonly record struct BtfEnumerator(string Name, ulong Value);

/// <summary>A structure or union that is only declared.</summary>
/// <param name="IsUnion">Whether it is a union.</param>
public sealed record BtfForward(uint Id, string Name, bool IsUnion) : BtfType(Id, BtfKind.Forward, Name);

/// <summary>How a function or variable is visible.</summary>
public enum BtfLinkage : byte
{
    /// <summary>Only in its file.</summary>
    Static = 0,

    /// <summary>Everywhere.</summary>
    Global = 1,

    /// <summary>It is defined elsewhere.</summary>
    Extern = 2,
}

/// <summary>A function.</summary>
/// <param name="Prototype">Its parameters and result.</param>
/// <param name="Linkage">How it is visible.</param>
public sealed record BtfFunction(uint Id, string Name, uint Prototype, BtfLinkage Linkage) : BtfType(Id, BtfKind.Function, Name);

/// <summary>The parameters and the result of a function.</summary>
/// <param name="Result">The type of the result; 0 for none.</param>
/// <param name="Parameters">Its parameters; a last one of type 0 without a name stands for <c>...</c>.</param>
public sealed record BtfPrototype(uint Id, uint Result, ImmutableArray<BtfParameter> Parameters)
    : BtfType(Id, BtfKind.Prototype, "");

/// <summary>A parameter of a function.</summary>
/// <param name="Name">Its name; empty where the file has none.</param>
/// <param name="Type">Its type.</param>
public readonly record struct BtfParameter(string Name, uint Type);

/// <summary>A variable.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Linkage">How it is visible.</param>
public sealed record BtfVariable(uint Id, string Name, uint Type, BtfLinkage Linkage) : BtfType(Id, BtfKind.Variable, Name);

/// <summary>A section with the variables in it.</summary>
/// <param name="Size">Bytes; 0 as clang writes it.</param>
/// <param name="Variables">Its variables.</param>
public sealed record BtfDataSection(uint Id, string Name, uint Size, ImmutableArray<BtfSectionVariable> Variables)
    : BtfType(Id, BtfKind.DataSection, Name);

/// <summary>A variable in a section.</summary>
/// <param name="Type">The <see cref="BtfVariable"/>, or the <see cref="BtfFunction"/> of an extern one.</param>
/// <param name="Offset">Where it begins, in bytes; 0 as clang writes it for global ones.</param>
/// <param name="Size">Bytes.</param>
public readonly record struct BtfSectionVariable(uint Type, uint Offset, uint Size);

/// <summary>A floating-point number.</summary>
/// <param name="Size">Bytes.</param>
public sealed record BtfFloat(uint Id, string Name, uint Size) : BtfType(Id, BtfKind.Float, Name);

/// <summary>A tag of a declaration, <c>__attribute__((btf_decl_tag(…)))</c>.</summary>
/// <param name="Target">What is tagged.</param>
/// <param name="Component">The member or parameter, from 0; -1 for all of it.</param>
public sealed record BtfDeclarationTag(uint Id, string Name, uint Target, int Component)
    : BtfType(Id, BtfKind.DeclarationTag, Name);

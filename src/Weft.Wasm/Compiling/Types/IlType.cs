using System.Collections.Immutable;
using Mono.Cecil;

namespace Weft.Wasm.Compiling.Types;

/// <summary>What a type is to the compiler.</summary>
internal enum IlKind
{
    Void,
    Bool,
    I1,
    U1,
    I2,
    U2,
    I4,
    U4,
    I8,
    U8,
    R4,
    R8,

    /// <summary>An address of 32 bits: native integers, pointers, references to variables.</summary>
    Address,

    /// <summary>A literal: the address and the length of its UTF-8 bytes.</summary>
    Text,

    /// <summary>Span or ReadOnlySpan: address and length.</summary>
    Span,
    Nullable,
    Struct,
    Class,
    Array,
    Delegate,

    /// <summary>An exception that is about to be thrown: nothing is kept of it.</summary>
    Exception,
}

/// <summary>A closed type: no generic parameter is left in it. Two are equal if their names are.</summary>
internal sealed record IlType(string Name, IlKind Kind)
{
    /// <summary>The type arguments; of a span, array or pointer, what it points to.</summary>
    public ImmutableArray<IlType> Arguments { get; init; } = [];

    /// <summary>Where it is declared, for those of the plugin and the libraries that it brings.</summary>
    public TypeDefinition? Definition { get; init; }

    /// <summary>Whether an address is one that the language checks (a reference), or a bare pointer.</summary>
    public bool IsReference { get; init; }

    public IlType Element => Arguments[0];

    public bool IsHeap => Kind is IlKind.Class or IlKind.Array;

    public bool Equals(IlType? other) => other is not null && other.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;

    public static readonly IlType Void = new("void", IlKind.Void);
    public static readonly IlType Bool = new("bool", IlKind.Bool);
    public static readonly IlType SByte = new("sbyte", IlKind.I1);
    public static readonly IlType Byte = new("byte", IlKind.U1);
    public static readonly IlType Short = new("short", IlKind.I2);
    public static readonly IlType UShort = new("ushort", IlKind.U2);
    public static readonly IlType Char = new("char", IlKind.U2);
    public static readonly IlType Int = new("int", IlKind.I4);
    public static readonly IlType UInt = new("uint", IlKind.U4);
    public static readonly IlType Long = new("long", IlKind.I8);
    public static readonly IlType ULong = new("ulong", IlKind.U8);
    public static readonly IlType Float = new("float", IlKind.R4);
    public static readonly IlType Double = new("double", IlKind.R8);
    public static readonly IlType NativeInt = new("nint", IlKind.Address);
    public static readonly IlType Text = new("string", IlKind.Text);
    public static readonly IlType Null = new("null", IlKind.Class);
    public static readonly IlType Object = new("object", IlKind.Class);

    public static IlType ReferenceTo(IlType element) =>
        new($"{element.Name}&", IlKind.Address) { Arguments = [element], IsReference = true };

    public static IlType PointerTo(IlType element) => new($"{element.Name}*", IlKind.Address) { Arguments = [element] };

    public static IlType ArrayOf(IlType element) => new($"{element.Name}[]", IlKind.Array) { Arguments = [element] };

    public static IlType SpanOf(IlType element) => new($"Span<{element.Name}>", IlKind.Span) { Arguments = [element] };
}

namespace Weft.Bpf.Btf;

/// <summary>The kinds of types of BTF, numbered as in <c>linux/btf.h</c>.</summary>
public enum BtfKind : byte
{
    /// <summary>No type: type 0.</summary>
    Void = 0,

    /// <summary>An integer, <see cref="BtfInt"/>.</summary>
    Int = 1,

    /// <summary>A pointer, <see cref="BtfReference"/>.</summary>
    Pointer = 2,

    /// <summary>An array, <see cref="BtfArray"/>.</summary>
    Array = 3,

    /// <summary>A structure, <see cref="BtfComposite"/>.</summary>
    Struct = 4,

    /// <summary>A union, <see cref="BtfComposite"/>.</summary>
    Union = 5,

    /// <summary>An enumeration of at most 32 bits, <see cref="BtfEnum"/>.</summary>
    Enum = 6,

    /// <summary>A structure or union that is only declared, <see cref="BtfForward"/>.</summary>
    Forward = 7,

    /// <summary>Another name of a type, <see cref="BtfReference"/>.</summary>
    Typedef = 8,

    /// <summary><c>volatile</c>, <see cref="BtfReference"/>.</summary>
    Volatile = 9,

    /// <summary><c>const</c>, <see cref="BtfReference"/>.</summary>
    Const = 10,

    /// <summary><c>restrict</c>, <see cref="BtfReference"/>.</summary>
    Restrict = 11,

    /// <summary>A function with its name, <see cref="BtfFunction"/>.</summary>
    Function = 12,

    /// <summary>A function's parameters and result, <see cref="BtfPrototype"/>.</summary>
    Prototype = 13,

    /// <summary>A variable, <see cref="BtfVariable"/>. Linux 5.2.</summary>
    Variable = 14,

    /// <summary>A section of variables, <see cref="BtfDataSection"/>. Linux 5.2.</summary>
    DataSection = 15,

    /// <summary>A floating-point number, <see cref="BtfFloat"/>. Linux 5.13.</summary>
    Float = 16,

    /// <summary>A tag of a declaration, <see cref="BtfDeclarationTag"/>. Linux 5.16.</summary>
    DeclarationTag = 17,

    /// <summary>A tag of a type, <see cref="BtfReference"/>. Linux 5.17.</summary>
    TypeTag = 18,

    /// <summary>An enumeration of 64 bits, <see cref="BtfEnum"/>. Linux 6.0.</summary>
    Enum64 = 19,
}

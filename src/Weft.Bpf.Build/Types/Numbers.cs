using Weft.Bpf.Btf;

namespace Weft.Bpf.Build.Types;

/// <summary>Numbers of C as C# calls them.</summary>
internal static class Numbers
{
    /// <summary>Null where C# has none of the size.</summary>
    public static string? Name(BtfInt type) => (type.Size, type.IsSigned) switch
    {
        (1, _) when (type.Encoding & BtfIntEncoding.Bool) != 0 => "bool",
        (1, _) when IsChar(type) => "byte",
        (var size, var isSigned) => Of(size, isSigned),
    };

    /// <summary>Null where C# has none of the size.</summary>
    public static string? Name(BtfFloat type) => type.Size switch
    {
        2 => "global::System.Half",
        4 => "float",
        8 => "double",
        _ => null,
    };

    /// <summary>An integer of so many bytes; null where there is none.</summary>
    public static string? Of(uint size, bool isSigned) => size switch
    {
        1 => isSigned ? "sbyte" : "byte",
        2 => isSigned ? "short" : "ushort",
        4 => isSigned ? "int" : "uint",
        8 => isSigned ? "long" : "ulong",
        16 => isSigned ? "global::System.Int128" : "global::System.UInt128",
        _ => null,
    };

    /// <summary>Whether a type is <c>char</c>, by its name or encoding: clang does not mark it.</summary>
    public static bool IsChar(BtfSpec types, uint id) => types.Get(types.Skip(id)) is BtfInt type && IsChar(type);

    /// <summary>A type's name as part of another: <c>ulong</c> is UInt64.</summary>
    public static string Title(string type) => type switch
    {
        "bool" => "Bool",
        "sbyte" => "SByte",
        "byte" => "Byte",
        "short" => "Int16",
        "ushort" => "UInt16",
        "int" => "Int32",
        "uint" => "UInt32",
        "long" => "Int64",
        "ulong" => "UInt64",
        "float" => "Single",
        "double" => "Double",
        _ => type[(type.LastIndexOf('.') + 1)..],
    };

    private static bool IsChar(BtfInt type) => type.Size == 1 && (type.Name == "char" || (type.Encoding & BtfIntEncoding.Char) != 0);
}

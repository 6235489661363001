using System.Globalization;

namespace Weft.Bpf.Btf;

/// <summary>Numbers, which the compiler knows itself; others are made of what it knows.</summary>
internal static class BtfHeaderBase
{
    /// <summary>How clang calls it for eBPF; null where it has none of this name and size.</summary>
    public static string? BuiltinName(BtfType type) => (type.Name, SizeOf(type)) switch
    {
        ("_Bool" or "bool", 1) => "_Bool",
        ("char" or "signed char" or "unsigned char", 1)
            or ("short int" or "short unsigned int" or "short" or "unsigned short", 2)
            or ("int" or "unsigned int" or "float", 4)
            or ("long int" or "long unsigned int" or "long" or "unsigned long" or "double", 8)
            or ("long long int" or "long long unsigned int" or "long long" or "unsigned long long", 8)
            or ("__int128" or "__int128 unsigned" or "unsigned __int128", 16) => type.Name,
        _ => null,
    };

    /// <summary>A typedef for one that clang does not have.</summary>
    public static string Declaration(BtfType type, string name) => SizeOf(type) switch
    {
        1 => $"typedef {Sign(type)}char {name};",
        2 => $"typedef {Sign(type)}short {name};",
        4 => $"typedef {Sign(type)}int {name};",
        8 => $"typedef {Sign(type)}long long {name};",
        16 => $"typedef {Sign(type)}__int128 {name};",
        var size => string.Create(CultureInfo.InvariantCulture, $"typedef struct {{ unsigned char bytes[{size}]; }} {name};"),
    };

    public static uint SizeOf(BtfType type) => type switch { BtfInt t => t.Size, BtfFloat t => t.Size, _ => 0 };

    private static string Sign(BtfType type) => type is BtfInt { IsSigned: true } ? "signed " : "unsigned ";
}

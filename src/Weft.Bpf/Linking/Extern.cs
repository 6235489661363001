namespace Weft.Bpf.Linking;

/// <summary>What an object takes from the kernel.</summary>
/// <param name="Kind">Where it is found.</param>
/// <param name="IsWeak">Whether the object can do without it.</param>
/// <param name="Type">Its type in the object's BTF: a variable's, or the function; 0 where it has none.</param>
/// <param name="Size">Of a value of the configuration: bytes.</param>
/// <param name="Offset">Of a value of the configuration: where it stands in its map.</param>
internal sealed record Extern(string Name, ExternKind Kind, bool IsWeak, uint Type, int Size = 0, int Offset = 0);

internal enum ExternKind
{
    /// <summary>A value of the kernel's configuration, or that libbpf knows.</summary>
    Config,

    /// <summary>The address of a symbol.</summary>
    Symbol,

    /// <summary>A variable that the kernel's BTF knows.</summary>
    Variable,

    /// <summary>A function that the kernel's BTF knows.</summary>
    Function,
}

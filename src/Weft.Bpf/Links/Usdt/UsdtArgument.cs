namespace Weft.Bpf;

/// <summary>What an argument is, numbered as <c>usdt.bpf.h</c> has them.</summary>
internal enum UsdtArgumentKind
{
    Constant = 0,
    Register = 1,

    /// <summary>In memory, where a register points to.</summary>
    Memory = 2,

    /// <summary>In memory, at an index that is in another register. libbpf 1.7.</summary>
    Indexed = 3,
}

/// <summary>Where a program finds an argument.</summary>
/// <param name="Value">The constant, or bytes from where the register points to.</param>
/// <param name="Register">Where the register lies in <c>struct pt_regs</c>.</param>
/// <param name="Index">Where the register with the index lies.</param>
/// <param name="Scale">By how many bits the index is shifted.</param>
/// <param name="Size">Bytes: 1, 2, 4 or 8.</param>
/// <param name="IsSigned">Whether it is filled up with its sign.</param>
internal readonly record struct UsdtArgument(
    UsdtArgumentKind Kind, long Value, int Register, int Index, int Scale, int Size, bool IsSigned);

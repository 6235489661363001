namespace Weft.Wasm.Modules;

/// <summary>What an import or an export is. The numbers are those of the binary format.</summary>
public enum ExternKind : byte
{
    /// <summary>A function.</summary>
    Function = 0,

    /// <summary>A table of references.</summary>
    Table = 1,

    /// <summary>A linear memory.</summary>
    Memory = 2,

    /// <summary>A global variable.</summary>
    Global = 3,
}

/// <summary>How large a memory or a table is and may become.</summary>
/// <param name="Minimum">The size at the start: pages of 64 KiB for a memory, elements for a table.</param>
/// <param name="Maximum">The size it may grow to, in the same unit; null if the module sets none.</param>
public sealed record Limits(uint Minimum, uint? Maximum);

/// <summary>The type of a linear memory.</summary>
/// <param name="Limits">In pages of 64 KiB.</param>
public sealed record MemoryType(Limits Limits)
{
    /// <summary>The bytes of a page.</summary>
    public const int PageSize = 64 * 1024;
}

/// <summary>The type of a table.</summary>
/// <param name="Element">What its elements are: <see cref="WasmType.FuncRef"/> or <see cref="WasmType.ExternRef"/>.</param>
/// <param name="Limits">In elements.</param>
public sealed record TableType(WasmType Element, Limits Limits);

/// <summary>The type of a global variable.</summary>
/// <param name="Type">The type of its value.</param>
/// <param name="IsMutable">Whether it can change.</param>
public sealed record GlobalType(WasmType Type, bool IsMutable);


using System.Collections.Immutable;

namespace Weft.Wasm.Modules;

/// <summary>Something that the module takes from its host.</summary>
/// <param name="Module">The first of its two names, such as <c>env</c>.</param>
/// <param name="Name">The second of its two names.</param>
/// <param name="Kind">What it is; the one of the following properties that fits is not null.</param>
/// <param name="Offset">Where it stands in the module, in bytes.</param>
public sealed record ModuleImport(string Module, string Name, ExternKind Kind, int Offset)
{
    /// <summary>The type, if it is a function.</summary>
    public FunctionType? Function { get; init; }

    /// <summary>The type, if it is a table.</summary>
    public TableType? Table { get; init; }

    /// <summary>The type, if it is a memory.</summary>
    public MemoryType? Memory { get; init; }

    /// <summary>The type, if it is a global.</summary>
    public GlobalType? Global { get; init; }
}

/// <summary>Something that the module gives to its host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Index">Which one: an index into the module's list of this kind, not checked by reading.</param>
/// <param name="Offset">Where it stands in the module, in bytes.</param>
public sealed record ModuleExport(string Name, ExternKind Kind, uint Index, int Offset);

/// <summary>A function of a module: an imported one, or one with a body.</summary>
/// <param name="Index">Its index; imported functions come first.</param>
/// <param name="Type">Its type.</param>
/// <param name="Import">Where it comes from, if it is imported; else null.</param>
/// <param name="Body">Its body, if it has one; else null.</param>
public sealed record ModuleFunction(int Index, FunctionType Type, ModuleImport? Import, FunctionBody? Body);

/// <summary>The body of a function.</summary>
/// <param name="Range">The declarations of locals and the instructions.</param>
/// <param name="Locals">The locals behind the parameters, in groups as the module declares them.</param>
/// <param name="Code">The instructions, with the <c>end</c> that closes the body. Reading does not look into them.</param>
public sealed record FunctionBody(ByteRange Range, ImmutableArray<LocalGroup> Locals, ByteRange Code);

/// <summary>A run of locals of one type.</summary>
/// <param name="Count">How many; may be 0.</param>
/// <param name="Type">The type of each.</param>
public readonly record struct LocalGroup(uint Count, WasmType Type);

/// <summary>A global variable that the module defines.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Initial">The constant expression of its first value, with its <c>end</c>; null for an imported one.</param>
public sealed record ModuleGlobal(GlobalType Type, ByteRange? Initial);

/// <summary>When a segment is copied to its memory or table.</summary>
public enum SegmentMode
{
    /// <summary>When the module is instantiated.</summary>
    Active,

    /// <summary>When an instruction asks for it.</summary>
    Passive,

    /// <summary>Never: it only declares functions to which references are made.</summary>
    Declarative,
}

/// <summary>A run of references for a table.</summary>
/// <param name="Mode">When it is copied.</param>
/// <param name="Table">The index of the table of an active segment.</param>
/// <param name="Start">The constant expression of the first place in the table, with its <c>end</c>; only if active.</param>
/// <param name="Type">What the references are to.</param>
/// <param name="Count">How many references there are.</param>
/// <param name="AreExpressions">Whether the items are constant expressions; else they are indices of functions.</param>
/// <param name="Items">The items.</param>
public sealed record ElementSegment(
    SegmentMode Mode, uint Table, ByteRange? Start, WasmType Type, int Count, bool AreExpressions, ByteRange Items);

/// <summary>A run of bytes for a memory.</summary>
/// <param name="Mode">When it is copied.</param>
/// <param name="Memory">The index of the memory of an active segment.</param>
/// <param name="Start">The constant expression of the first address, with its <c>end</c>; only if active.</param>
/// <param name="Bytes">The bytes.</param>
public sealed record DataSegment(SegmentMode Mode, uint Memory, ByteRange? Start, ByteRange Bytes);

/// <summary>A section of a module.</summary>
/// <param name="Id">The number of its kind, from 0 (custom) to 12 (data count).</param>
/// <param name="Name">The name of a custom section; the usual name of the others, such as <c>code</c>.</param>
/// <param name="Range">Its content, without its number and size; of a custom section, without its name too.</param>
public sealed record ModuleSection(int Id, string Name, ByteRange Range)
{
    /// <summary>Whether it is a custom section, which does not change what the module does.</summary>
    public bool IsCustom => Id == 0;

    /// <summary>Where the whole section begins, in bytes from the beginning of the module.</summary>
    public int Offset { get; init; }
}

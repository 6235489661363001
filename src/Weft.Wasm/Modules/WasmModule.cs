using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Flow;
using Weft.Wasm.Modules.Reading;

namespace Weft.Wasm.Modules;

/// <summary>
/// A core WebAssembly module (version 1 of the binary format, features of WebAssembly 2.0), read but not validated:
/// <see cref="ModuleValidator"/> does that. It keeps the bytes it was read of, which must not change.
/// </summary>
public sealed class WasmModule
{
    /// <summary>The largest module that is read, in bytes: 64 MiB.</summary>
    public const int MaxSize = 64 * 1024 * 1024;

    internal WasmModule(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>The bytes of the module.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The types of functions, in the order of their indices.</summary>
    public ImmutableArray<FunctionType> Types { get; internal init; } = [];

    /// <summary>What the module takes, in its order.</summary>
    public ImmutableArray<ModuleImport> Imports { get; internal init; } = [];

    /// <summary>All functions in the order of their indices, the imported ones first.</summary>
    public ImmutableArray<ModuleFunction> Functions { get; internal init; } = [];

    /// <summary>All tables in the order of their indices, the imported ones first.</summary>
    public ImmutableArray<TableType> Tables { get; internal init; } = [];

    /// <summary>All memories in the order of their indices, the imported ones first.</summary>
    public ImmutableArray<MemoryType> Memories { get; internal init; } = [];

    /// <summary>All globals in the order of their indices, the imported ones first.</summary>
    public ImmutableArray<ModuleGlobal> Globals { get; internal init; } = [];

    /// <summary>What the module gives, in its order.</summary>
    public ImmutableArray<ModuleExport> Exports { get; internal init; } = [];

    /// <summary>The index of the function that runs when the module is instantiated; null if there is none.</summary>
    public uint? Start { get; internal init; }

    /// <summary>The segments for tables.</summary>
    public ImmutableArray<ElementSegment> Elements { get; internal init; } = [];

    /// <summary>The segments for memories.</summary>
    public ImmutableArray<DataSegment> Data { get; internal init; } = [];

    /// <summary>What the data count section says, which instructions that name a data segment need; null without it.</summary>
    public uint? DataCount { get; internal init; }

    /// <summary>All sections in their order, custom ones too.</summary>
    public ImmutableArray<ModuleSection> Sections { get; internal init; } = [];

    /// <summary>The names for people.</summary>
    public ModuleNames Names { get; internal init; } = ModuleNames.Empty;

    /// <summary>The custom sections in their order.</summary>
    public IEnumerable<ModuleSection> CustomSections => Sections.Where(s => s.IsCustom);

    /// <summary>Reads a module.</summary>
    /// <param name="bytes">The module; it is kept and must not change.</param>
    /// <exception cref="WasmFormatException">The bytes are no module; the only exception, whatever the bytes are.</exception>
    public static WasmModule Read(ReadOnlyMemory<byte> bytes) => new ModuleReader(bytes).Read();

    /// <summary>Reads a module.</summary>
    /// <param name="bytes">The module; it is kept and must not change.</param>
    /// <param name="module">The module, or null.</param>
    /// <param name="diagnostic">
    /// What is wrong, with the byte offset in its message: <c>WEFT6101</c> no module, <c>WEFT6102</c> malformed,
    /// <c>WEFT6103</c> names what is not there, <c>WEFT6104</c> a feature that is not read, <c>WEFT6105</c> over a limit.
    /// </param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out WasmModule? module,
        [NotNullWhen(false)] out Diagnostic? diagnostic)
    {
        try
        {
            (module, diagnostic) = (Read(bytes), null);
            return true;
        }
        catch (WasmFormatException refused)
        {
            (module, diagnostic) = (null, refused.Diagnostic);
            return false;
        }
    }
}

using System.Collections.Immutable;
using Weft.Wasm.Compiling.Emit;

namespace Weft.Wasm.Compiling.Types;

/// <summary>One number of a value: its type in wasm, and where and how wide it lies in memory.</summary>
/// <param name="Heap">Whether it refers to an object, so that storing it is checked.</param>
internal sealed record Part(WasmType Type, int Offset, int Size, bool Signed, bool Heap = false);

internal sealed record FieldPlace(int Offset, int First, IlType Type, Layout Layout);

/// <summary>How a type's values lie in memory, and of which numbers one consists where it is in no memory.</summary>
internal sealed record Layout(IlType Type, ImmutableArray<Part> Parts, int Size, int Align)
{
    public IReadOnlyDictionary<string, FieldPlace> Fields { get; init; } = ImmutableDictionary<string, FieldPlace>.Empty;

    public bool HasHeap => Parts.Any(p => p.Heap);
}

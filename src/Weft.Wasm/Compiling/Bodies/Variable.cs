using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>An argument or a local variable: in wasm's locals, or in the frame once its address is taken.</summary>
internal sealed class Variable(string key, IlType type, Layout layout)
{
    /// <summary>The same in each attempt at a method, so that what escaped in one is known in the next.</summary>
    public string Key => key;

    public IlType Type => type;

    public Layout Layout => layout;

    /// <summary>A wasm local for each part; empty in memory.</summary>
    public int[] Locals { get; init; } = [];

    public int FrameOffset { get; init; }

    public bool InMemory { get; init; }

    /// <summary>The wasm local that the alias needs until the inlined method ends; -1 if none.</summary>
    public int Held { get; init; } = -1;

    /// <summary>In an inlined method: what the argument stands for, without being copied.</summary>
    public Operand? Alias { get; init; }
}

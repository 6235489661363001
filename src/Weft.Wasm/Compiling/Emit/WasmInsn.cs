namespace Weft.Wasm.Compiling.Emit;

/// <summary>A place that branches lead to: the end of a block, or the start of a loop.</summary>
internal sealed class Label
{
    /// <summary>While it is not known which label is meant: how many labels outside of this code.</summary>
    public int Outer { get; init; } = -1;
}

/// <summary>How many values a call takes from the stack and leaves on it.</summary>
internal readonly record struct Arity(int Pops, int Pushes);

/// <summary>An instruction of wasm; branches refer to labels, not to depths, so that code can be changed.</summary>
internal sealed record WasmInsn(int Op)
{
    /// <summary>A constant (floats by their bits), the number of a local, global or function, or the offset of an access.</summary>
    public long Value { get; init; }

    /// <summary>The bytes that an access reads or writes.</summary>
    public int Size { get; init; }

    /// <summary>Of a call, where it is known.</summary>
    public Arity? Arity { get; init; }

    /// <summary>Of block, loop and if: the label that they are. Of a branch: where it leads.</summary>
    public Label? Target { get; init; }

    public IReadOnlyList<Label>? Targets { get; init; }

    public int Local => (int)Value;

    public bool Opens => Op is Emit.Op.Block or Emit.Op.Loop or Emit.Op.If;

    public bool IsEnd => Op == Emit.Op.End;

    public bool IsElse => Op == Emit.Op.Else;

    /// <summary>Whether what follows is reached only by a label.</summary>
    public bool Leaves => Op is Emit.Op.Br or Emit.Op.BrTable or Emit.Op.Return or Emit.Op.Unreachable;

    public bool IsConst => Op is >= Emit.Op.I32Const and <= Emit.Op.F64Const;

    public bool Is(int op, int local) => Op == op && Value == local;
}

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

    /// <summary>Pushes 0.</summary>
    public static WasmInsn Zero(WasmType type) => new(type switch
    {
        WasmType.I32 => Emit.Op.I32Const,
        WasmType.I64 => Emit.Op.I64Const,
        WasmType.F32 => Emit.Op.F32Const,
        _ => Emit.Op.F64Const,
    });

    public bool Opens => Op is Emit.Op.Block or Emit.Op.Loop or Emit.Op.If;

    public bool IsEnd => Op == Emit.Op.End;

    public bool IsElse => Op == Emit.Op.Else;

    /// <summary>Whether what follows is reached only by a label.</summary>
    public bool Leaves => Op is Emit.Op.Br or Emit.Op.BrTable or Emit.Op.Return or Emit.Op.Unreachable;

    public bool IsConst => Op is >= Emit.Op.I32Const and <= Emit.Op.F64Const;

    /// <summary>Whether it only pushes a constant or a local.</summary>
    public bool IsSimple => Op == Emit.Op.LocalGet || IsConst;

    /// <summary>How many values it takes from the stack and leaves there, where its code alone says so.</summary>
    public Arity? Effect => Op switch
    {
        Emit.Op.LocalGet or Emit.Op.GlobalGet or Emit.Op.MemorySize or (>= Emit.Op.I32Const and <= Emit.Op.F64Const) => new(0, 1),
        Emit.Op.LocalSet or Emit.Op.GlobalSet or Emit.Op.Drop => new(1, 0),
        Emit.Op.LocalTee or Emit.Op.MemoryGrow or (>= 0x28 and <= 0x35) or Emit.Op.I32Eqz or Emit.Op.I64Eqz => new(1, 1),
        >= 0x36 and <= 0x3e => new(2, 0),
        Emit.Op.Select => new(3, 1),
        (>= 0x46 and <= 0x4f) or (>= 0x51 and <= 0x66) or (>= 0x6a and <= 0x78) or (>= 0x7c and <= 0x8a) or
            (>= 0x92 and <= 0x98) or (>= 0xa0 and <= 0xa6) => new(2, 1),
        (>= 0x67 and <= 0x69) or (>= 0x79 and <= 0x7b) or (>= 0x8b and <= 0x91) or (>= 0x99 and <= 0x9f) or (>= 0xa7 and <= 0xc4) => new(1, 1),
        Emit.Op.Prefix when Value is Emit.Op.MemoryCopy or Emit.Op.MemoryFill => new(3, 0),
        Emit.Op.Prefix => new(1, 1),

        // Where a branch is taken, what lies below is dropped.
        Emit.Op.BrIf => new(1, 0),
        Emit.Op.Call or Emit.Op.CallIndirect => Arity,
        _ => null,
    };

    public bool Is(int op, int local) => Op == op && Value == local;
}

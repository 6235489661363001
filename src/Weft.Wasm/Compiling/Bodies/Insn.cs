using Mono.Cecil.Cil;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>A place in the C# source.</summary>
internal sealed record SourceLine(string File, int Line, int Column);

/// <summary>One instruction of IL, with its branches as references, so that bodies can be changed.</summary>
internal sealed class Insn(Code code, object? operand, SourceLine? at)
{
    public Code Code { get; set; } = code;

    public object? Operand { get; set; } = operand;

    public SourceLine? At { get; } = at;

    public Insn? Target { get; set; }

    public Insn[]? Targets { get; set; }

    /// <summary>Its number in the body; also what an inlined call is known by.</summary>
    public int Index { get; set; }

    public Insn Copy() => new(Code, Operand, At) { Target = Target, Targets = Targets };

    public bool IsBranch => Code is Code.Br or Code.Leave or Code.Switch || IsConditional;

    public bool IsConditional => Code is >= Code.Brfalse and <= Code.Blt_Un;

    public bool EndsBlock => IsBranch || Code is Code.Ret or Code.Throw or Code.Rethrow or Code.Endfinally or Code.Jmp;

    public bool FallsThrough => IsConditional || Code == Code.Switch || !EndsBlock;

    public override string ToString() => $"{Index}: {Code} {Operand}";
}

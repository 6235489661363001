using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Where the value of an operand is while the instructions around it are compiled.</summary>
internal enum OperandPlace
{
    /// <summary>On wasm's stack, a number for each part.</summary>
    Stack,

    /// <summary>Nowhere: the address of a variable that lies in wasm's locals.</summary>
    VariableAddress,

    /// <summary>Nowhere yet: an address at some distance from what a local holds, which does not change meanwhile.</summary>
    LocalAddress,

    /// <summary>Nowhere yet: null, whose type decides what it is.</summary>
    Null,

    /// <summary>Nowhere: a token that the next call takes.</summary>
    Token,
}

/// <summary>An entry of IL's evaluation stack.</summary>
internal sealed record Operand(IlType Type, OperandPlace Place = OperandPlace.Stack)
{
    public Variable? Variable { get; init; }

    /// <summary>The first part of the variable that is meant.</summary>
    public int First { get; init; }

    /// <summary>Of an address at some distance from a local: which one. The frame's is -1.</summary>
    public int Local { get; init; } = -1;

    public bool IsInFrame => Place == OperandPlace.LocalAddress && Local < 0;

    /// <summary>What is still to be added to an address.</summary>
    public int Offset { get; init; }

    /// <summary>An object that is known to be there.</summary>
    public bool NotNull { get; init; }

    public object? Token { get; init; }

    public MethodInstance? Method => Token as MethodInstance;

    public bool IsOnStack => Place == OperandPlace.Stack;
}

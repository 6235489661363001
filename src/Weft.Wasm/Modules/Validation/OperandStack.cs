using System.Collections.Immutable;
using Weft.Wasm.Modules.Reading;

namespace Weft.Wasm.Modules.Validation;

// A block that is open.
internal struct ControlFrame
{
    public byte Opcode;
    public FunctionType Type;

    // The operands below this belong to the blocks around.
    public int Height;

    // Behind an unconditional branch the stack holds whatever is asked of it.
    public bool IsUnreachable;

    // What a branch to it takes along.
    public readonly ImmutableArray<WasmType> Label => Opcode == Validation.Opcode.Loop ? Type.Parameters : Type.Results;
}

// The two stacks of the validation algorithm (WebAssembly 2.0, appendix "validation algorithm"): types of operands, and
// open blocks. Work is counted: with types of a thousand results, two bytes can ask for a thousand steps.
internal sealed class OperandStack
{
    private const int MaxHeight = 1 << 24;
    private const long MaxSteps = 1L << 30;

    private WasmType[] _types = new WasmType[64];
    private ControlFrame[] _frames = new ControlFrame[16];
    private int _height;
    private long _steps;

    public int Depth { get; private set; }

    // Where the instruction stands that is at work, for errors.
    public int At { get; set; }

    public ref ControlFrame Top => ref _frames[Depth - 1];

    public void Clear() => (_height, Depth) = (0, 0);

    public ref readonly ControlFrame Label(uint depth)
    {
        if (depth >= Depth)
        {
            throw ModuleErrors.Invalid(At, $"there is no block {depth} around it");
        }

        return ref _frames[Depth - 1 - (int)depth];
    }

    public void Push(WasmType type)
    {
        if (_height == _types.Length)
        {
            if (_height >= MaxHeight)
            {
                throw ModuleErrors.OverLimit(At, "too many operands on the stack", MaxHeight);
            }

            Array.Resize(ref _types, _height * 2);
        }

        _types[_height++] = type;
    }

    public WasmType Pop()
    {
        ref var top = ref Top;
        if (_height > top.Height)
        {
            return _types[--_height];
        }

        return top.IsUnreachable ? WasmType.None : throw ModuleErrors.Invalid(At, "an operand is missing on the stack");
    }

    public WasmType Pop(WasmType expected)
    {
        var actual = Pop();
        return actual == expected || actual == WasmType.None ? expected
            : expected == WasmType.None ? actual
            : throw ModuleErrors.Invalid(At, $"an operand is {actual.Word()} where {expected.Word()} must be");
    }

    public void Push(ImmutableArray<WasmType> types)
    {
        Work(types.Length);
        foreach (var type in types.AsSpan())
        {
            Push(type);
        }
    }

    public void Pop(ImmutableArray<WasmType> types)
    {
        Work(types.Length);
        for (var i = types.Length - 1; i >= 0; i--)
        {
            Pop(types[i]);
        }
    }

    // Looks without taking away. What is not known in unreachable code stays unknown.
    public void Peek(ImmutableArray<WasmType> types)
    {
        var before = _height;
        Pop(types);
        _height = before;
    }

    public void Open(byte opcode, FunctionType type)
    {
        if (Depth == _frames.Length)
        {
            Array.Resize(ref _frames, Depth * 2);
        }

        _frames[Depth++] = new() { Opcode = opcode, Type = type, Height = _height };
        Push(type.Parameters);
    }

    public ControlFrame Close()
    {
        var frame = Top;
        Pop(frame.Type.Results);
        if (_height != frame.Height)
        {
            throw ModuleErrors.Invalid(At, $"{_height - frame.Height} operands too many are left at the end of a block");
        }

        Depth--;
        return frame;
    }

    public void Unreachable()
    {
        ref var top = ref Top;
        _height = top.Height;
        top.IsUnreachable = true;
    }

    private void Work(int steps)
    {
        _steps += steps;
        if (_steps > MaxSteps)
        {
            throw ModuleErrors.OverLimit(At, "blocks and calls with too many operands in all", MaxSteps);
        }
    }
}

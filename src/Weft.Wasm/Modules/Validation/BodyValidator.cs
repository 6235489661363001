using Weft.Wasm.Modules.Reading;

namespace Weft.Wasm.Modules.Validation;

// Checks the types of one function's instructions, in one pass from front to back and without recursion. The other
// parts of the class have the instructions with rules of their own.
internal sealed partial class BodyValidator(ModuleScope scope)
{
    private readonly OperandStack _stack = new();

    // The index of the first local behind each group of locals, to find the group by halving.
    private readonly List<long> _groupEnds = [];
    private ModuleFunction _function = null!;
    private FunctionBody _body = null!;

    public void Validate(ModuleFunction function)
    {
        (_function, _body) = (function, function.Body!);
        LayOutLocals();
        _stack.Clear();
        _stack.At = _body.Code.Offset;

        // The body is a block that takes nothing: its parameters are locals.
        _stack.Open(Opcode.Block, ResultsOnly(function.Type));
        var code = new ByteCursor(scope.Module.Bytes.Span, _body.Code.Offset, _body.Code.End);
        while (_stack.Depth > 0)
        {
            _stack.At = code.Position;
            Instruction(ref code, code.Byte("an instruction"));
        }

        if (!code.IsAtEnd)
        {
            throw ModuleErrors.Malformed(code.Position, "instructions stand behind the end of a function");
        }
    }

    private static FunctionType ResultsOnly(FunctionType type) =>
        type.Parameters.IsEmpty ? type : new([], type.Results);

    private void LayOutLocals()
    {
        _groupEnds.Clear();
        long end = _function.Type.Parameters.Length;
        foreach (var group in _body.Locals)
        {
            end += group.Count;
            _groupEnds.Add(end);
        }
    }

    private WasmType Local(uint index)
    {
        if (index < _function.Type.Parameters.Length)
        {
            return _function.Type.Parameters[(int)index];
        }

        // Empty groups end where the one before them does; the first that ends behind the local has it.
        var (low, high) = (0, _groupEnds.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _groupEnds[middle] > index ? (low, middle) : (middle + 1, high);
        }

        return low < _groupEnds.Count ? _body.Locals[low].Type : throw Invalid($"there is no local {index}");
    }

    private void Instruction(ref ByteCursor code, byte opcode)
    {
        switch (opcode)
        {
            case <= Opcode.CallIndirect:
                Control(ref code, opcode);
                break;
            case Opcode.Drop or Opcode.Select or Opcode.SelectTyped:
                Parametric(ref code, opcode);
                break;
            case >= Opcode.LocalGet and <= Opcode.TableSet:
                Variable(ref code, opcode);
                break;
            case >= Opcode.MemorySize and <= Opcode.F64Const:
                Constant(ref code, opcode);
                break;
            case Opcode.RefNull or Opcode.RefIsNull or Opcode.RefFunc:
                Reference(ref code, opcode);
                break;
            case Opcode.MorePrefix:
                More(ref code, code.U32("an instruction"));
                break;
            case Opcode.VectorPrefix:
                Vector(ref code, code.U32("an instruction"));
                break;
            default:
                Plain(ref code, InstructionTypes.Plain[opcode] ?? throw Unknown(opcode));
                break;
        }
    }

    private void Plain(ref ByteCursor code, InstructionType type)
    {
        if (type.Alignment >= 0)
        {
            Access(ref code, type.Alignment);
        }

        if (type.Lanes > 0)
        {
            Lane(ref code, type.Lanes);
        }

        _stack.Pop(type.Takes);
        if (type.Gives != WasmType.None)
        {
            _stack.Push(type.Gives);
        }
    }

    // Alignment and offset of an access to memory.
    private void Access(ref ByteCursor code, int most)
    {
        var alignment = code.U32("an alignment");
        if (alignment is >= 64 and < 128)
        {
            throw ModuleErrors.Unsupported(_stack.At, "several memories");
        }

        if (alignment > most)
        {
            throw Invalid($"an alignment of 2^{alignment} is more than what is accessed (2^{most})");
        }

        code.U32("an offset");
        scope.Memory(_stack.At, 0);
    }

    private void Lane(ref ByteCursor code, int lanes)
    {
        var lane = code.Byte("a lane");
        if (lane >= lanes)
        {
            throw Invalid($"there is no lane {lane} of {lanes}");
        }
    }

    private WasmFormatException Invalid(string what) => ModuleErrors.Invalid(_stack.At, what);

    private WasmFormatException Unknown(byte opcode) => Opcode.Proposal(opcode) is { } proposal
        ? ModuleErrors.Unsupported(_stack.At, $"{proposal} (instruction 0x{opcode:x2})")
        : ModuleErrors.Malformed(_stack.At, $"there is no instruction 0x{opcode:x2}");
}

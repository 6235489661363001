using System.Collections.Immutable;
using Weft.Wasm.Modules.Reading;

namespace Weft.Wasm.Modules.Validation;

// Blocks, branches and calls.
internal sealed partial class BodyValidator
{
    // The types of blocks that give one value.
    private static readonly FunctionType?[] OneResult =
        [.. Enumerable.Range(0, 128).Select(c => WasmTypes.IsType(c) ? new FunctionType([], [(WasmType)c]) : null)];

    private void Control(ref ByteCursor code, byte opcode)
    {
        switch (opcode)
        {
            case Opcode.Nop:
                break;
            case Opcode.Unreachable:
                _stack.Unreachable();
                break;
            case Opcode.Block or Opcode.Loop or Opcode.If:
                Open(opcode, BlockType(ref code));
                break;
            case Opcode.Else:
                Else();
                break;
            case Opcode.End:
                End();
                break;
            case Opcode.Br:
                _stack.Pop(_stack.Label(code.U32("a label")).Label);
                _stack.Unreachable();
                break;
            case Opcode.BrIf:
                BranchIf(code.U32("a label"));
                break;
            case Opcode.BrTable:
                BranchTable(ref code);
                break;
            case Opcode.Return:
                _stack.Pop(_function.Type.Results);
                _stack.Unreachable();
                break;
            case Opcode.Call:
                Call(scope.Function(_stack.At, code.U32("the index of a function")).Type);
                break;
            case Opcode.CallIndirect:
                CallIndirect(ref code);
                break;
            default:
                throw Unknown(opcode);
        }
    }

    private void Open(byte opcode, FunctionType type)
    {
        if (opcode == Opcode.If)
        {
            _stack.Pop(WasmType.I32);
        }

        _stack.Pop(type.Parameters);
        _stack.Open(opcode, type);
    }

    private void Else()
    {
        if (_stack.Top.Opcode != Opcode.If)
        {
            throw Invalid("an else stands outside of an if");
        }

        _stack.Open(Opcode.Else, _stack.Close().Type);
    }

    private void End()
    {
        var frame = _stack.Close();
        if (frame.Opcode == Opcode.If && !frame.Type.Parameters.AsSpan().SequenceEqual(frame.Type.Results.AsSpan()))
        {
            throw Invalid("an if without else must give what it takes");
        }

        if (_stack.Depth > 0)
        {
            _stack.Push(frame.Type.Results);
        }
    }

    private void BranchIf(uint label)
    {
        _stack.Pop(WasmType.I32);
        var types = _stack.Label(label).Label;
        _stack.Pop(types);
        _stack.Push(types);
    }

    // Every label takes the same number of operands, and each must find its types.
    private void BranchTable(ref ByteCursor code)
    {
        var count = code.Count("labels", EngineLimits.BranchTargets);
        _stack.Pop(WasmType.I32);
        var checkedLast = default(ImmutableArray<WasmType>);
        var arity = -1;
        for (var i = 0; i <= count; i++)
        {
            var types = _stack.Label(code.U32("a label")).Label;
            arity = arity < 0 ? types.Length : arity;
            if (types.Length != arity)
            {
                throw Invalid("the labels of a br_table take different numbers of operands");
            }

            // Equal types of a module are one array mostly, so a long table of one block costs little.
            if (types != checkedLast)
            {
                _stack.Peek(types);
                checkedLast = types;
            }
        }

        _stack.Unreachable();
    }

    private void CallIndirect(ref ByteCursor code)
    {
        var type = scope.Type(_stack.At, code.U32("the index of a type"));
        var table = scope.Table(_stack.At, code.U32("the index of a table"));
        if (table.Element != WasmType.FuncRef)
        {
            throw Invalid("a call goes through a table that holds no functions");
        }

        _stack.Pop(WasmType.I32);
        Call(type);
    }

    private void Call(FunctionType type)
    {
        _stack.Pop(type.Parameters);
        _stack.Push(type.Results);
    }

    private FunctionType BlockType(ref ByteCursor code)
    {
        var at = code.Position;
        var look = code;
        var first = look.Byte("the type of a block");
        if (first == 0x40)
        {
            code = look;
            return FunctionType.Empty;
        }

        if (first < 0x80 && OneResult[first] is { } type)
        {
            code = look;
            return type;
        }

        var index = code.S33("the type of a block");
        return index >= 0 ? scope.Type(at, (uint)index)
            : first is 0x63 or 0x64 or (>= 0x69 and <= 0x74) ? throw ModuleErrors.Unsupported(at, $"a reference type (0x{first:x2})")
            : throw ModuleErrors.Malformed(at, $"0x{first:x2} is no type of a block");
    }
}

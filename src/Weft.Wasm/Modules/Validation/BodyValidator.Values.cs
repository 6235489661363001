using Weft.Wasm.Modules.Reading;

namespace Weft.Wasm.Modules.Validation;

// Variables, constants, references, and what takes whatever there is.
internal sealed partial class BodyValidator
{
    private void Parametric(ref ByteCursor code, byte opcode)
    {
        if (opcode == Opcode.Drop)
        {
            _stack.Pop();
            return;
        }

        if (opcode == Opcode.SelectTyped)
        {
            TypedSelect(ref code);
            return;
        }

        _stack.Pop(WasmType.I32);
        var first = _stack.Pop();
        var second = _stack.Pop();
        if (first.IsReference() || second.IsReference())
        {
            throw Invalid("a select without a type takes no references");
        }

        if (first != second && first != WasmType.None && second != WasmType.None)
        {
            throw Invalid($"a select chooses between {second.Word()} and {first.Word()}");
        }

        _stack.Push(first == WasmType.None ? second : first);
    }

    private void TypedSelect(ref ByteCursor code)
    {
        var count = code.U32("the number of types of a select");
        if (count != 1)
        {
            throw Invalid($"a select has {count} types instead of one");
        }

        var type = TypeReading.Value(ref code);
        _stack.Pop(WasmType.I32);
        _stack.Pop(type);
        _stack.Pop(type);
        _stack.Push(type);
    }

    private void Variable(ref ByteCursor code, byte opcode)
    {
        var index = code.U32("an index");
        switch (opcode)
        {
            case Opcode.LocalGet:
                _stack.Push(Local(index));
                break;
            case Opcode.LocalSet:
                _stack.Pop(Local(index));
                break;
            case Opcode.LocalTee:
                _stack.Push(_stack.Pop(Local(index)));
                break;
            case Opcode.GlobalGet:
                _stack.Push(scope.Global(_stack.At, index).Type);
                break;
            case Opcode.GlobalSet:
                SetGlobal(index);
                break;
            case Opcode.TableGet:
                _stack.Pop(WasmType.I32);
                _stack.Push(scope.Table(_stack.At, index).Element);
                break;
            default:
                _stack.Pop(scope.Table(_stack.At, index).Element);
                _stack.Pop(WasmType.I32);
                break;
        }
    }

    private void SetGlobal(uint index)
    {
        var global = scope.Global(_stack.At, index);
        if (!global.IsMutable)
        {
            throw Invalid($"global {index} cannot be set");
        }

        _stack.Pop(global.Type);
    }

    // Constants, and the size of memory, which stands among them.
    private void Constant(ref ByteCursor code, byte opcode)
    {
        switch (opcode)
        {
            case Opcode.I32Const:
                code.S32("an i32");
                _stack.Push(WasmType.I32);
                break;
            case Opcode.I64Const:
                code.S64("an i64");
                _stack.Push(WasmType.I64);
                break;
            case Opcode.F32Const:
                code.Take("an f32", 4);
                _stack.Push(WasmType.F32);
                break;
            case Opcode.F64Const:
                code.Take("an f64", 8);
                _stack.Push(WasmType.F64);
                break;
            case Opcode.MemoryGrow:
                MemoryIndex(ref code);
                _stack.Pop(WasmType.I32);
                _stack.Push(WasmType.I32);
                break;
            default:
                MemoryIndex(ref code);
                _stack.Push(WasmType.I32);
                break;
        }
    }

    // One byte that is 0: there is only one memory.
    private void MemoryIndex(ref ByteCursor code)
    {
        if (code.Byte("a memory") != 0)
        {
            throw ModuleErrors.Unsupported(_stack.At, "several memories");
        }

        scope.Memory(_stack.At, 0);
    }

    private void Reference(ref ByteCursor code, byte opcode)
    {
        switch (opcode)
        {
            case Opcode.RefNull:
                _stack.Push(TypeReading.Reference(ref code));
                break;
            case Opcode.RefIsNull:
                var type = _stack.Pop();
                if (type != WasmType.None && !type.IsReference())
                {
                    throw Invalid($"ref.is_null takes a reference, not {type.Word()}");
                }

                _stack.Push(WasmType.I32);
                break;
            default:
                var function = code.U32("the index of a function");
                scope.Function(_stack.At, function);
                if (!scope.IsDeclared(function))
                {
                    throw Invalid($"function {function} is not declared as one that references are made to");
                }

                _stack.Push(WasmType.FuncRef);
                break;
        }
    }
}

using System.Collections.Immutable;
using Weft.Wasm.Modules.Reading;

namespace Weft.Wasm.Modules.Validation;

// The instructions behind a prefix: bulk memory, tables, conversions, vectors.
internal sealed partial class BodyValidator
{
    private static readonly ImmutableArray<WasmType> ThreeNumbers = [WasmType.I32, WasmType.I32, WasmType.I32];

    private void More(ref ByteCursor code, uint opcode)
    {
        switch (opcode)
        {
            case < Opcode.MemoryInit:
                Plain(ref code, InstructionTypes.More[opcode]!);
                break;
            case Opcode.MemoryInit:
                scope.Data(_stack.At, code.U32("the index of a data segment"));
                MemoryIndex(ref code);
                _stack.Pop(ThreeNumbers);
                break;
            case Opcode.DataDrop:
                scope.Data(_stack.At, code.U32("the index of a data segment"));
                break;
            case Opcode.MemoryCopy:
                MemoryIndex(ref code);
                MemoryIndex(ref code);
                _stack.Pop(ThreeNumbers);
                break;
            case Opcode.MemoryFill:
                MemoryIndex(ref code);
                _stack.Pop(ThreeNumbers);
                break;
            case <= Opcode.TableFill:
                Tables(ref code, opcode);
                break;
            case >= 19 and <= 22:
                throw ModuleErrors.Unsupported(_stack.At, "wide arithmetic");
            default:
                throw ModuleErrors.Malformed(_stack.At, $"there is no instruction 0xfc {opcode}");
        }
    }

    private void Tables(ref ByteCursor code, uint opcode)
    {
        var index = code.U32("an index");
        switch (opcode)
        {
            case Opcode.TableInit:
                var segment = scope.Element(_stack.At, index);
                SameElements(segment.Type, scope.Table(_stack.At, code.U32("the index of a table")).Element);
                _stack.Pop(ThreeNumbers);
                break;
            case Opcode.ElemDrop:
                scope.Element(_stack.At, index);
                break;
            case Opcode.TableCopy:
                var target = scope.Table(_stack.At, index);
                SameElements(scope.Table(_stack.At, code.U32("the index of a table")).Element, target.Element);
                _stack.Pop(ThreeNumbers);
                break;
            case Opcode.TableGrow:
                _stack.Pop([scope.Table(_stack.At, index).Element, WasmType.I32]);
                _stack.Push(WasmType.I32);
                break;
            case Opcode.TableSize:
                scope.Table(_stack.At, index);
                _stack.Push(WasmType.I32);
                break;
            default:
                _stack.Pop([WasmType.I32, scope.Table(_stack.At, index).Element, WasmType.I32]);
                break;
        }
    }

    private void SameElements(WasmType from, WasmType to)
    {
        if (from != to)
        {
            throw Invalid($"elements of {from.Word()} are copied into a table of {to.Word()}");
        }
    }

    private void Vector(ref ByteCursor code, uint opcode)
    {
        switch (opcode)
        {
            case Opcode.V128Const:
                code.Take("a v128", 16);
                _stack.Push(WasmType.V128);
                break;
            case Opcode.Shuffle:
                for (var i = 0; i < 16; i++)
                {
                    Lane(ref code, 32);
                }

                Plain(ref code, VectorTypes.Table[14]!);
                break;
            case >= 256 and <= 275:
                throw ModuleErrors.Unsupported(_stack.At, "relaxed vector instructions");
            default:
                Plain(ref code, (opcode < 256 ? VectorTypes.Table[opcode] : null)
                    ?? throw ModuleErrors.Malformed(_stack.At, $"there is no instruction 0xfd {opcode}"));
                break;
        }
    }
}

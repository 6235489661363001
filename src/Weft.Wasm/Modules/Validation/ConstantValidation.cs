using Weft.Wasm.Modules.Reading;

namespace Weft.Wasm.Modules.Validation;

// Constant expressions: the first values of globals, the items and places of segments. One instruction makes the value.
internal static class ConstantValidation
{
    public static void Check(ModuleScope scope, ByteRange expression, WasmType expected)
    {
        var cursor = new ByteCursor(scope.Module.Bytes.Span, expression.Offset, expression.End);
        Check(scope, ref cursor, expected);
    }

    public static void Check(ModuleScope scope, ref ByteCursor cursor, WasmType expected)
    {
        var begin = cursor.Position;
        var count = 0;
        var type = WasmType.None;
        for (var code = cursor.Byte("a constant"); code != Opcode.End; code = cursor.Byte("a constant"))
        {
            type = Value(scope, ref cursor, code);
            count++;
        }

        if (count != 1)
        {
            throw ModuleErrors.Invalid(begin, $"a constant expression makes {count} values instead of one");
        }

        if (type != expected)
        {
            throw ModuleErrors.Invalid(begin, $"a constant expression makes {type.Word()} where {expected.Word()} must be");
        }
    }

    // The value of an expression that is a plain i32; null for all others. Only for expressions that are valid.
    public static uint? Known(WasmModule module, ByteRange expression)
    {
        var cursor = new ByteCursor(module.Bytes.Span, expression.Offset, expression.End);
        return cursor.Byte("a constant") == Opcode.I32Const ? (uint)cursor.S32("an i32") : null;
    }

    private static WasmType Value(ModuleScope scope, ref ByteCursor cursor, byte code)
    {
        var at = cursor.Position - 1;
        switch (code)
        {
            case Opcode.I32Const:
                cursor.S32("an i32");
                return WasmType.I32;
            case Opcode.I64Const:
                cursor.S64("an i64");
                return WasmType.I64;
            case Opcode.F32Const:
                cursor.Take("an f32", 4);
                return WasmType.F32;
            case Opcode.F64Const:
                cursor.Take("an f64", 8);
                return WasmType.F64;
            case Opcode.VectorPrefix:
                cursor.U32("an instruction");
                cursor.Take("a v128", 16);
                return WasmType.V128;
            case Opcode.RefNull:
                return TypeReading.Reference(ref cursor);
            case Opcode.RefFunc:
                var function = cursor.U32("an index");
                scope.Function(at, function);
                scope.Declare(function);
                return WasmType.FuncRef;
            default:
                return Global(scope, at, cursor.U32("an index"));
        }
    }

    private static WasmType Global(ModuleScope scope, int at, uint index)
    {
        var global = scope.Global(at, index);
        return index >= scope.ImportedGlobals
                ? throw ModuleErrors.Invalid(at, $"global {index} is not imported, so it is not constant")
            : global.IsMutable ? throw ModuleErrors.Invalid(at, $"global {index} can change, so it is not constant")
            : global.Type;
    }
}

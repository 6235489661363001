using Weft.Wasm.Modules.Validation;

namespace Weft.Wasm.Modules.Reading;

// Constant expressions: their bytes are found here, their types are looked at by the validator.
internal static class ConstantReading
{
    public static ByteRange Expression(ref ByteCursor bytes)
    {
        var begin = bytes.Position;
        while (true)
        {
            var at = bytes.Position;
            var code = bytes.Byte("a constant expression");
            switch (code)
            {
                case Opcode.End:
                    return new(begin, bytes.Position - begin);
                case Opcode.GlobalGet or Opcode.RefFunc:
                    bytes.U32("an index");
                    break;
                case Opcode.I32Const:
                    bytes.S32("an i32");
                    break;
                case Opcode.I64Const:
                    bytes.S64("an i64");
                    break;
                case Opcode.F32Const:
                    bytes.Take("an f32", 4);
                    break;
                case Opcode.F64Const:
                    bytes.Take("an f64", 8);
                    break;
                case Opcode.RefNull:
                    TypeReading.Reference(ref bytes);
                    break;
                case Opcode.VectorPrefix when bytes.U32("an instruction") == Opcode.V128Const:
                    bytes.Take("a v128", 16);
                    break;
                default:
                    throw NotConstant(at, code);
            }
        }
    }

    private static WasmFormatException NotConstant(int at, byte code) =>
        code is 0x6A or 0x6B or 0x6C or 0x7C or 0x7D or 0x7E
            ? ModuleErrors.Unsupported(at, "arithmetic in a constant expression")
            : ModuleErrors.Invalid(at, $"instruction 0x{code:x2} is not constant");
}

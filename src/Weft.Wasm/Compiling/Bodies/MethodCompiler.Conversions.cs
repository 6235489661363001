using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>
/// Conversions between numbers. From floats to integers they saturate, and what is not a number becomes 0, as in .NET
/// since 9; native integers have 32 bits.
/// </summary>
internal sealed partial class MethodCompiler
{
    private bool Convert(Code code)
    {
        var to = code switch
        {
            Code.Conv_I1 => IlType.SByte,
            Code.Conv_U1 => IlType.Byte,
            Code.Conv_I2 => IlType.Short,
            Code.Conv_U2 => IlType.UShort,
            Code.Conv_I4 => IlType.Int,
            Code.Conv_U4 => IlType.UInt,
            Code.Conv_I8 => IlType.Long,
            Code.Conv_U8 => IlType.ULong,
            Code.Conv_I or Code.Conv_U => IlType.NativeInt,
            Code.Conv_R4 => IlType.Float,
            Code.Conv_R8 or Code.Conv_R_Un => IlType.Double,
            _ => null,
        };
        if (to is null)
        {
            return false;
        }

        if (to.Kind == IlKind.Address && !_stack[^1].IsOnStack && _stack[^1].Place != OperandPlace.Null)
        {
            // The address of a variable as a number: it must have one.
            PopAddressAsNumber();
            return true;
        }

        var from = PopNumber();
        if (code == Code.Conv_R_Un && Next(_insn)?.Code == Code.Conv_R4)
        {
            // Rounded once: by way of a double it would be twice.
            UnsignedToSingle(Number(from));
            Push(IlType.Float);
            return true;
        }

        ConvertTo(Number(from), to, code == Code.Conv_R_Un);
        Push(to.Kind == IlKind.Address && from.Type.Kind == IlKind.Address ? from.Type : to);
        return true;
    }

    private void PopAddressAsNumber()
    {
        var type = _stack[^1].Type;
        Pop(type);
        Push(type);
    }

    private void ConvertTo(WasmType from, IlType to, bool unsigned)
    {
        switch (to.Kind)
        {
            case IlKind.R4:
                ToSingle(from);
                break;
            case IlKind.R8:
                ToDouble(from, unsigned);
                break;
            case IlKind.I8 or IlKind.U8:
                ToLong(from, to.Kind == IlKind.U8);
                break;
            default:
                ToInt(from, to.Kind is IlKind.U4 or IlKind.Address);
                if (to.Kind is not (IlKind.I4 or IlKind.U4 or IlKind.Address))
                {
                    Narrow(to.Kind);
                }

                break;
        }
    }

    private void ToSingle(WasmType from) => _ = from switch
    {
        WasmType.I32 => _code.Op(Op.F32ConvertI32S),
        WasmType.I64 => _code.Op(Op.F32ConvertI32S + 2),
        WasmType.F64 => _code.Op(Op.F32DemoteF64),
        _ => _code,
    };

    private Insn? Next(Insn insn) =>
        Sources.Body(_frame.Method) is { } body && insn.Index + 1 < body.Count ? body[insn.Index + 1] : null;

    private void UnsignedToSingle(WasmType from) => _ = from switch
    {
        WasmType.I32 => _code.Op(Op.F32ConvertI32S + 1),
        WasmType.I64 => _code.Op(Op.F32ConvertI32S + 3),
        WasmType.F64 => _code.Op(Op.F32DemoteF64),
        _ => _code,
    };

    private void ToDouble(WasmType from, bool unsigned) => _ = from switch
    {
        WasmType.I32 => _code.Op(Op.F64ConvertI32S + (unsigned ? 1 : 0)),
        WasmType.I64 => _code.Op(Op.F64ConvertI32S + (unsigned ? 3 : 2)),
        WasmType.F32 => _code.Op(Op.F64PromoteF32),
        _ => _code,
    };

    private void ToLong(WasmType from, bool unsigned) => _ = from switch
    {
        WasmType.I32 => _code.Op(unsigned ? Op.I64ExtendI32U : Op.I64ExtendI32S),
        WasmType.F32 => _code.Prefixed(unsigned ? 5u : 4u),
        WasmType.F64 => _code.Prefixed(unsigned ? 7u : 6u),
        _ => _code,
    };

    private void ToInt(WasmType from, bool unsigned) => _ = from switch
    {
        WasmType.I64 => _code.Op(Op.I32WrapI64),
        WasmType.F32 => _code.Prefixed(unsigned ? 1u : 0u),
        WasmType.F64 => _code.Prefixed(unsigned ? 3u : 2u),
        _ => _code,
    };
}

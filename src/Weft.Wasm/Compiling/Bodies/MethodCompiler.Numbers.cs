using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Arithmetic, comparisons and conversions, by the rules of ECMA-335 III.1.5 as .NET keeps them.</summary>
internal sealed partial class MethodCompiler
{
    private bool WriteNumber(Code code)
    {
        switch (code)
        {
            case Code.Add or Code.Sub or Code.Mul or Code.And or Code.Or or Code.Xor:
                Binary(code);
                return true;
            case Code.Div or Code.Div_Un or Code.Rem or Code.Rem_Un:
                Divide(code);
                return true;
            case Code.Shl or Code.Shr or Code.Shr_Un:
                Shift(code);
                return true;
            case Code.Neg or Code.Not:
                Negate(code);
                return true;
            case Code.Ceq or Code.Cgt or Code.Cgt_Un or Code.Clt or Code.Clt_Un:
                Compare(code switch
                {
                    Code.Ceq => Op.I32Eq,
                    Code.Cgt => Op.I32GtS,
                    Code.Cgt_Un => Op.I32GtU,
                    Code.Clt => Op.I32LtS,
                    _ => Op.I32LtU,
                });
                Push(IlType.Bool);
                return true;
            default:
                return Convert(code);
        }
    }

    private WasmType Number(Operand operand) =>
        operand.Place != OperandPlace.Stack ? WasmType.I32
        : Layouts.Of(operand.Type).Parts is [{ Type: var type }, ..] ? type
        : throw new NotInSubset("PW0010", $"{operand.Type} is not a number");

    /// <summary>Both operands as numbers of one type: float and double meet as doubles.</summary>
    private (WasmType Type, IlType Il) PopPair()
    {
        var (a, b) = (_stack[^2], _stack[^1]);
        var (left, right) = (Number(a), Number(b));
        var type = left == right ? left
            : left is WasmType.F64 || right is WasmType.F64 ? WasmType.F64
            : throw new NotInSubset("PW0010", $"{a.Type} and {b.Type} do not go together");
        var il = type switch
        {
            WasmType.I64 => IlType.Long,
            WasmType.F32 => IlType.Float,
            WasmType.F64 => IlType.Double,
            _ => IlType.Int,
        };
        Settle([il, il], []);
        Pop();
        Pop();
        return (type, a.Type.Kind == IlKind.Address ? a.Type : b.Type.Kind == IlKind.Address ? b.Type : il);
    }

    private void Binary(Code code)
    {
        var (type, il) = PopPair();
        var op = code switch
        {
            Code.Add => Op.I32Add,
            Code.Sub => Op.I32Sub,
            Code.Mul => Op.I32Mul,
            Code.And => Op.I32And,
            Code.Or => Op.I32Or,
            _ => Op.I32Xor,
        };
        _code.Op(type switch
        {
            WasmType.I32 => op,
            WasmType.I64 => op + Op.ToI64,
            WasmType.F32 => op - Op.I32Add + Op.F32Add,
            _ => op - Op.I32Add + Op.F32Add + Op.ToF64,
        });
        Push(il);
    }

    private void Divide(Code code)
    {
        if (Number(_stack[^1]) is WasmType.F32 or WasmType.F64)
        {
            DivideFloats(code);
            return;
        }

        var (type, il) = PopPair();
        var (wide, shift) = (type == WasmType.I64, type == WasmType.I64 ? Op.ToI64 : 0);
        if (!IsSafeDivisor())
        {
            var divisor = Take(type);
            _code.Set(divisor).Get(divisor).Op(wide ? Op.I64Eqz : Op.I32Eqz);
            FailIf(FaultKind.Division);
            if (code is Code.Div or Code.Rem)
            {
                CheckQuotient(type, divisor);
            }

            _code.Get(divisor);
            Give(type, divisor);
        }

        _code.Op(shift + code switch
        {
            Code.Div => Op.I32DivS,
            Code.Div_Un => Op.I32DivU,
            Code.Rem => Op.I32RemS,
            _ => Op.I32RemU,
        });
        Push(il);
    }

    // The divisor is a constant in the source more often than not.
    private bool IsSafeDivisor() =>
        _previous is { Code: Code.Ldc_I4, Operand: int and not (0 or -1) } or { Code: Code.Ldc_I8, Operand: long and not (0 or -1) };

    /// <summary>The smallest number by -1 has no quotient.</summary>
    private void CheckQuotient(WasmType type, int divisor)
    {
        var dividend = Take(type);
        _code.Set(dividend).Get(divisor);
        if (type == WasmType.I64)
        {
            _code.I64(-1).Op(Op.I64Eq).Get(dividend).I64(long.MinValue).Op(Op.I64Eq);
        }
        else
        {
            _code.I32(-1).Op(Op.I32Eq).Get(dividend).I32(int.MinValue).Op(Op.I32Eq);
        }

        _code.Op(Op.I32And);
        FailIf(FaultKind.Division);
        _code.Get(dividend);
        Give(type, dividend);
    }

    private void DivideFloats(Code code)
    {
        if (code == Code.Rem)
        {
            // wasm has no remainder of floats.
            var single = Number(_stack[^1]) == WasmType.F32 && Number(_stack[^2]) == WasmType.F32;
            CallRuntime("FloatMath", "Remainder");
            if (single)
            {
                Pop();
                _code.Op(Op.F32DemoteF64);
                Push(IlType.Float);
            }

            return;
        }

        var (type, il) = PopPair();
        _code.Op(Op.F32Add + 3 + (type == WasmType.F64 ? Op.ToF64 : 0));
        Push(il);
    }

    private void Shift(Code code)
    {
        Pop(IlType.Int);
        var wide = Number(_stack[^1]) == WasmType.I64;
        if (wide)
        {
            _code.Op(Op.I64ExtendI32U);
        }

        _code.Op((wide ? Op.ToI64 : 0) + code switch
        {
            Code.Shl => Op.I32Shl,
            Code.Shr => Op.I32ShrS,
            _ => Op.I32ShrU,
        });
        Push(Plain(Pop().Type));
    }

    /// <summary>What is computed from a small number is an int.</summary>
    private IlType Plain(IlType type) => Layouts.Of(type).Parts is [{ Type: WasmType.I32 }] ? IlType.Int : type;

    private void Negate(Code code)
    {
        var operand = PopNumber();
        var type = Number(operand);
        switch (type)
        {
            case WasmType.F32:
                _code.Op(Op.F32Neg);
                break;
            case WasmType.F64:
                _code.Op(Op.F32Neg + Op.ToF64);
                break;
            case WasmType.I64:
                _code.I64(-1).Op(Op.I32Xor + Op.ToI64);
                _ = code == Code.Neg ? _code.I64(1).Op(Op.I32Add + Op.ToI64) : _code;
                break;
            default:
                _code.I32(-1).Op(Op.I32Xor);
                _ = code == Code.Neg ? _code.I32(1).Op(Op.I32Add) : _code;
                break;
        }

        Push(Plain(operand.Type));
    }

    private void Condition(Code code)
    {
        if (code is Code.Brtrue or Code.Brfalse)
        {
            Truth();
            if (code == Code.Brfalse)
            {
                _code.Op(Op.I32Eqz);
            }

            return;
        }

        Compare(code switch
        {
            Code.Beq => Op.I32Eq,
            Code.Bne_Un => Op.I32Ne,
            Code.Blt => Op.I32LtS,
            Code.Blt_Un => Op.I32LtU,
            Code.Bgt => Op.I32GtS,
            Code.Bgt_Un => Op.I32GtU,
            Code.Ble => Op.I32LeS,
            Code.Ble_Un => Op.I32LeU,
            Code.Bge => Op.I32GeS,
            _ => Op.I32GeU,
        });
    }

    /// <summary>The top operand as 0 or not 0; of a literal, whether there is one.</summary>
    private void Truth()
    {
        var operand = PopNumber();
        if (operand.Type.Kind == IlKind.Text)
        {
            _code.Op(Op.Drop);
        }
        else if (Number(operand) == WasmType.I64)
        {
            _code.Op(Op.I64Eqz).Op(Op.I32Eqz);
        }
    }

    /// <summary>Compares by an operation of i32, which stands for those of the other types.</summary>
    private void Compare(int op)
    {
        if (_stack[^1].Type.Kind == IlKind.Text || _stack[^2].Type.Kind == IlKind.Text)
        {
            CompareTexts();
        }

        var (type, _) = PopPair();
        switch (type)
        {
            case WasmType.I32:
                _code.Op(op);
                break;
            case WasmType.I64:
                _code.Op(op + Op.CompareToI64);
                break;
            default:
                CompareFloats(op, type == WasmType.F64 ? Op.F64Eq : Op.F32Eq);
                break;
        }
    }

    // Only with null: what compares literals is a method.
    private void CompareTexts()
    {
        Settle([IlType.Text, IlType.Text], []);
        var layout = Layouts.Of(IlType.Text);
        Pop();
        Pop();
        var right = Spill(layout);
        _code.Op(Op.Drop).Get(right[0]);
        Array.ForEach(right, r => Give(WasmType.I32, r));
        Push(IlType.NativeInt);
        Push(IlType.NativeInt);
    }

    // The unsigned forms hold, too, where one of the two is not a number: they are the opposite of the opposite.
    private void CompareFloats(int op, int equal)
    {
        var (number, negated) = op switch
        {
            Op.I32Eq => (0, false),
            Op.I32Ne => (1, false),
            Op.I32LtS => (2, false),
            Op.I32GtS => (3, false),
            Op.I32LeS => (4, false),
            Op.I32GeS => (5, false),
            Op.I32LtU => (5, true),
            Op.I32GtU => (4, true),
            Op.I32LeU => (3, true),
            _ => (2, true),
        };
        _code.Op(equal + number);
        if (negated)
        {
            _code.Op(Op.I32Eqz);
        }
    }
}

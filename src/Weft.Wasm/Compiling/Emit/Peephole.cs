namespace Weft.Wasm.Compiling.Emit;

/// <summary>Replaces short rows of instructions by shorter ones.</summary>
internal sealed class Peephole
{
    private readonly List<WasmInsn> _out;
    private readonly Stack<Label> _open = new();

    private Peephole(int capacity) => _out = new List<WasmInsn>(capacity);

    public static List<WasmInsn> Apply(List<WasmInsn> code)
    {
        var peephole = new Peephole(code.Count);
        code.ForEach(peephole.Next);
        return peephole._out;
    }

    private WasmInsn? Last(int back = 0) => _out.Count > back ? _out[^(back + 1)] : null;

    private bool LastIsConst(long value, int back = 0) => Last(back) is { Op: Op.I32Const } c && c.Value == value;

    private void Drop(int count) => _out.RemoveRange(_out.Count - count, count);

    private void Next(WasmInsn insn)
    {
        if (insn.Opens)
        {
            _open.Push(insn.Target!);
        }

        if (insn.IsEnd)
        {
            Choose(_open.Pop());
        }

        Push(insn);
    }

    // if { 0 → x; br L } 1 → x; end L: the condition itself, or its opposite, goes into x.
    private void Choose(Label label)
    {
        if (Last(6) is not { Op: Op.If } || Last(5) is not { Op: Op.I32Const } first || Last(4) is not { Op: Op.LocalSet } set ||
            Last(3) is not { Op: Op.Br } branch || branch.Target != label || Last(2) is not { IsEnd: true } ||
            Last(1) is not { Op: Op.I32Const } second || Last() is not { Op: Op.LocalSet } same || same.Local != set.Local ||
            (first.Value, second.Value) is not ((0, 1) or (1, 0)))
        {
            return;
        }

        Drop(7);
        if (first.Value == 0)
        {
            Push(new WasmInsn(Op.I32Eqz));
        }
        else if (Last() is not { Op: >= 0x45 and <= 0x66 })
        {
            Push(new WasmInsn(Op.I32Const));
            Push(new WasmInsn(Op.I32Ne));
        }

        Push(set);
    }

    private void Push(WasmInsn insn)
    {
        if (!(Locals(insn) || Conditions(insn) || Arithmetic(insn) || Accesses(insn) || Ifs(insn)))
        {
            _out.Add(insn);
        }
    }

    private bool Locals(WasmInsn insn)
    {
        switch (insn.Op)
        {
            case Op.LocalGet when Last() is { Op: Op.LocalSet } set && set.Local == insn.Local:
                _out[^1] = set with { Op = Op.LocalTee };
                return true;
            case Op.LocalSet when Last() is { Op: Op.LocalGet or Op.LocalTee } same && same.Local == insn.Local:
                var isTee = same.Op == Op.LocalTee;
                Drop(1);
                if (isTee)
                {
                    Push(insn);
                }

                return true;
            case Op.Drop when Last() is { Op: Op.LocalTee } tee:
                _out[^1] = tee with { Op = Op.LocalSet };
                return true;
            case Op.Drop when Last() is { Op: Op.LocalGet or Op.GlobalGet or Op.MemorySize } or { IsConst: true }:
                Drop(1);
                return true;
            case Op.Drop when Last() is { } unary && IsUnary(unary.Op):
                Drop(1);
                Push(insn);
                return true;
            case Op.Drop when Last() is { } binary && IsBinary(binary.Op):
                Drop(1);
                Push(insn);
                Push(insn);
                return true;
            default:
                return false;
        }
    }

    // Without those that can trap.
    private static bool IsUnary(int op) => op is Op.I32Eqz or Op.I64Eqz or (>= 0x28 and <= 0x35) or (>= 0x67 and <= 0x69) or
        (>= 0x79 and <= 0x7b) or (>= 0x8b and <= 0x91) or (>= 0x99 and <= 0x9f) or Op.I32WrapI64 or Op.I64ExtendI32S or Op.I64ExtendI32U or
        (>= Op.F32ConvertI32S and <= Op.I32Extend16S);

    private static bool IsBinary(int op) => op is (>= 0x46 and <= 0x4f) or (>= 0x51 and <= 0x66) or (>= 0x6a and <= 0x6c) or
        (>= 0x71 and <= 0x78) or (>= 0x7c and <= 0x7e) or (>= 0x83 and <= 0x8a) or (>= 0x92 and <= 0x98) or (>= 0xa0 and <= 0xa6);

    private bool Conditions(WasmInsn insn)
    {
        switch (insn.Op)
        {
            case Op.I32Eq when LastIsConst(0):
                Drop(1);
                Push(new WasmInsn(Op.I32Eqz));
                return true;
            case Op.I32GeU when FirstIsNothing() is { } length:
                // 0 is not below a length if that is 0.
                _out.RemoveAt(_out.Count - 1 - length);
                _out.Add(new WasmInsn(Op.I32Eqz));
                return true;
            case Op.I32Eqz or Op.I64Eqz when Last() is { Op: Op.I32Const or Op.I64Const } constant:
                Drop(1);
                Push(new WasmInsn(Op.I32Const) { Value = constant.Value == 0 ? 1 : 0 });
                return true;
            case Op.BrIf when Last() is { Op: Op.I32Const } always:
                Drop(1);
                if (always.Value != 0)
                {
                    Push(insn with { Op = Op.Br });
                }

                return true;
            case Op.I32GtU when LastIsConst(0):
                _out.Add(new WasmInsn(Op.I32Ne));
                return true;
            case Op.I32Eqz when Last() is { } compared && Opposite(compared.Op) is { } opposite:
                Drop(1);
                Push(new WasmInsn(opposite));
                return true;
            case Op.BrIf or Op.If or Op.I32Eqz when Last() is { Op: Op.I32Ne } && LastIsConst(0, 1):
                Drop(2);
                Push(insn);
                return true;
            case Op.BrIf or Op.If when Last() is { Op: Op.I32Eqz } && Last(1) is { Op: Op.I32Eqz }:
                Drop(2);
                Push(insn);
                return true;
            default:
                return false;
        }
    }

    // [0, local] or [0, load of a local]: how many instructions the second operand has.
    private int? FirstIsNothing() => Last() switch
    {
        { Op: Op.LocalGet } when LastIsConst(0, 1) => 1,
        { Op: Op.I32Load } when Last(1) is { Op: Op.LocalGet } && LastIsConst(0, 2) => 2,
        _ => null,
    };

    // eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u, for i32 from 0x46 and for i64 from 0x51.
    private static int? Opposite(int op)
    {
        ReadOnlySpan<int> opposites = [1, 0, 8, 9, 6, 7, 4, 5, 2, 3];
        return op switch
        {
            >= 0x46 and <= 0x4f => 0x46 + opposites[op - 0x46],
            >= 0x51 and <= 0x5a => 0x51 + opposites[op - 0x51],
            _ => null,
        };
    }

    private bool Arithmetic(WasmInsn insn)
    {
        if (insn.Op == Op.I32WrapI64 && Last() is { Op: Op.I64ExtendI32S or Op.I64ExtendI32U })
        {
            Drop(1);
            return true;
        }

        if (Last() is not { Op: Op.I32Const } right)
        {
            return false;
        }

        switch (insn.Op)
        {
            case Op.I32Add or Op.I32Sub or Op.I32Or or Op.I32Xor or Op.I32Shl or Op.I32ShrS or Op.I32ShrU when right.Value == 0:
            case Op.I32Mul or Op.I32DivS or Op.I32DivU when right.Value == 1:
                Drop(1);
                return true;
            case Op.I32And when FitsIn((int)right.Value):
                Drop(1);
                return true;
            case Op.I64ExtendI32S:
                _out[^1] = new WasmInsn(Op.I64Const) { Value = right.Value };
                return true;
            case Op.I64ExtendI32U:
                _out[^1] = new WasmInsn(Op.I64Const) { Value = (uint)right.Value };
                return true;
            case Op.I32Add or Op.I32Sub when Last(1) is { Op: Op.I32Add or Op.I32Sub } before && Last(2) is { Op: Op.I32Const } inner:
                Drop(3);
                Push(inner with { Value = (int)(Signed(before, inner) + Signed(insn, right)) });
                Push(new WasmInsn(Op.I32Add));
                return true;
        }

        return Last(1) is { Op: Op.I32Const } left && Fold(insn.Op, (int)left.Value, (int)right.Value) is { } value && Replace(value);
    }

    private static long Signed(WasmInsn sum, WasmInsn constant) => sum.Op == Op.I32Add ? constant.Value : -constant.Value;

    private bool Replace(int value)
    {
        Drop(2);
        _out.Add(new WasmInsn(Op.I32Const) { Value = value });
        return true;
    }

    private static int? Fold(int op, int left, int right) => op switch
    {
        Op.I32Add => left + right,
        Op.I32Sub => left - right,
        Op.I32Mul => left * right,
        Op.I32And => left & right,
        Op.I32Or => left | right,
        Op.I32Xor => left ^ right,
        Op.I32Shl => left << right,
        Op.I32ShrS => left >> right,
        Op.I32ShrU => (int)((uint)left >> right),
        _ => null,
    };

    // What has just been read has no more bits.
    private bool FitsIn(int mask) => Last(1) is { } before && mask switch
    {
        0xff => before.Op == Op.I32Load8U || (before.Op is >= 0x45 and <= 0x66),
        0xffff => before.Op is Op.I32Load8U or Op.I32Load16U || (before.Op is >= 0x45 and <= 0x66),
        _ => false,
    };

    private bool Accesses(WasmInsn insn)
    {
        switch (insn.Op)
        {
            case Op.I32Store8 when Last() is { Op: Op.I32And } && LastIsConst(0xff, 1):
            case Op.I32Store16 when Last() is { Op: Op.I32And } && LastIsConst(0xffff, 1):
                Drop(2);
                Push(insn);
                return true;
            case >= 0x28 and <= 0x35 when OffsetAt(0) is { } offset:
                Drop(2);
                Push(insn with { Value = insn.Value + offset });
                return true;
            case >= 0x36 and <= 0x3e when Last() is { IsSimple: true } value && OffsetAt(1) is { } offset:
                Drop(3);
                Push(value);
                Push(insn with { Value = insn.Value + offset });
                return true;
            case Op.Prefix when insn.Value == Op.MemoryFill && LastIsConst(8) && LastIsConst(0, 1):
                Drop(2);
                Push(new WasmInsn(Op.I64Const));
                Push(new WasmInsn(Op.I64Store) { Size = 8 });
                return true;
            case Op.I32Store when IsBesideFormer(insn):
                // Two words of which the upper has no bits of its own.
                var word = _out[^4].Value;
                Drop(4);
                Push(new WasmInsn(Op.I64Const) { Value = word });
                Push(new WasmInsn(Op.I64Store) { Size = 8, Value = insn.Value - 4 });
                return true;
            default:
                return false;
        }
    }

    private long? OffsetAt(int back) =>
        Last(back) is { Op: Op.I32Add } && Last(back + 1) is { Op: Op.I32Const, Value: >= 0 and < 1 << 20 } offset ? offset.Value : null;

    // local.get a; word; i32.store n; local.get a; 0; i32.store n + 4
    private bool IsBesideFormer(WasmInsn store) => LastIsConst(0) && Last(1) is { Op: Op.LocalGet } again &&
        Last(2) is { Op: Op.I32Store } former && former.Value == store.Value - 4 && Last(3) is { Op: Op.I32Const, Value: >= 0 } &&
        Last(4) is { Op: Op.LocalGet or Op.LocalTee } first && first.Local == again.Local;

    private bool Ifs(WasmInsn insn)
    {
        switch (insn.Op)
        {
            // if { br L } is br_if L.
            case Op.End when Last() is { Op: Op.Br } branch && Last(1) is { Op: Op.If } only && branch.Target != only.Target:
                Drop(2);
                Push(branch with { Op = Op.BrIf });
                return true;
            case Op.End when Last() is { Op: Op.If }:
                Drop(1);
                Push(new WasmInsn(Op.Drop));
                return true;
            case Op.Else when Last() is { Op: Op.If } empty:
                Drop(1);
                Push(new WasmInsn(Op.I32Eqz));
                Push(empty);
                return true;
            default:
                return false;
        }
    }
}

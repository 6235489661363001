namespace Weft.Wasm.Compiling.Emit;

/// <summary>
/// Moves a constant, or the value of a local, from where it is pushed to where it is stored or dropped, if other code
/// stands between: then the two are seen as one copy.
/// </summary>
internal static class Sinking
{
    public static List<WasmInsn> Apply(List<WasmInsn> code)
    {
        var moved = new List<WasmInsn?>(code.Count);

        // Where each value on the stack was pushed, if that can be moved; -1 if not.
        var stack = new List<int>();
        foreach (var insn in code)
        {
            if (insn.Op is Op.LocalSet or Op.Drop && stack is [.., >= 0 and var at] && at < moved.Count - 1)
            {
                var pushed = moved[at]!;
                moved[at] = null;
                moved.Add(pushed);
            }

            Simulate(insn, stack, moved);
            moved.Add(insn);
            if (IsSimple(insn))
            {
                stack[^1] = moved.Count - 1;
            }
        }

        return [.. moved.OfType<WasmInsn>()];
    }

    private static bool IsSimple(WasmInsn insn) => insn.Op == Op.LocalGet || insn.IsConst;

    private static void Simulate(WasmInsn insn, List<int> stack, List<WasmInsn?> moved)
    {
        if (Effect(insn) is not var (pops, pushes))
        {
            stack.Clear();
            return;
        }

        var left = Math.Max(0, stack.Count - pops);
        stack.RemoveRange(left, stack.Count - left);
        for (var i = 0; i < pushes; i++)
        {
            stack.Add(-1);
        }

        if (insn.Op is Op.LocalSet or Op.LocalTee)
        {
            // A value of that local which is still on the stack is the one before.
            for (var i = 0; i < stack.Count; i++)
            {
                stack[i] = stack[i] >= 0 && moved[stack[i]]!.Is(Op.LocalGet, insn.Local) ? -1 : stack[i];
            }
        }
    }

    /// <summary>How many values an instruction takes and gives, where its code alone says so.</summary>
    private static (int Pops, int Pushes)? Effect(WasmInsn insn) => insn.Op switch
    {
        Op.LocalGet or Op.GlobalGet or Op.MemorySize or (>= Op.I32Const and <= Op.F64Const) => (0, 1),
        Op.LocalSet or Op.GlobalSet or Op.Drop => (1, 0),
        Op.LocalTee or Op.MemoryGrow or (>= 0x28 and <= 0x35) or Op.I32Eqz or Op.I64Eqz => (1, 1),
        >= 0x36 and <= 0x3e => (2, 0),
        Op.Select => (3, 1),
        (>= 0x46 and <= 0x4f) or (>= 0x51 and <= 0x66) or (>= 0x6a and <= 0x78) or (>= 0x7c and <= 0x8a) or
            (>= 0x92 and <= 0x98) or (>= 0xa0 and <= 0xa6) => (2, 1),
        (>= 0x67 and <= 0x69) or (>= 0x79 and <= 0x7b) or (>= 0x8b and <= 0x91) or (>= 0x99 and <= 0x9f) or (>= 0xa7 and <= 0xc4) => (1, 1),
        Op.Prefix when insn.Value is Op.MemoryCopy or Op.MemoryFill => (3, 0),
        Op.Prefix => (1, 1),

        // Where a branch is taken, what lies below is dropped.
        Op.BrIf => (1, 0),
        Op.Call or Op.CallIndirect when insn.Arity is { } call => (call.Pops, call.Pushes),
        _ => null,
    };
}

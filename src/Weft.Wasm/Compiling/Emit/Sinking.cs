namespace Weft.Wasm.Compiling.Emit;

/// <summary>
/// Moves a constant, or the value of a local, from where it is pushed to where it is stored or dropped, if other code
/// stands between: then the two are seen as one copy. What a local has already is not stored in it again.
/// </summary>
internal static class Sinking
{
    public static List<WasmInsn> Apply(List<WasmInsn> code)
    {
        var moved = new List<WasmInsn?>(code.Count);
        var stack = new List<Slot>();
        foreach (var insn in code)
        {
            if (insn.Op is Op.LocalSet or Op.Drop && stack is [.., { At: >= 0 and var at }] && at < moved.Count - 1)
            {
                var pushed = moved[at]!;
                moved[at] = null;
                moved.Add(pushed);
            }

            var isKnown = insn.Op is Op.LocalTee or Op.LocalSet && stack is [.., { At: < 0 } top] && top.Local == insn.Local;
            if (isKnown && insn.Op == Op.LocalTee)
            {
                continue;
            }

            Simulate(insn, stack);
            moved.Add(isKnown ? new WasmInsn(Op.Drop) : insn);
            if (insn.IsSimple)
            {
                stack[^1] = stack[^1] with { At = moved.Count - 1 };
            }
        }

        return [.. moved.OfType<WasmInsn>()];
    }

    private static void Simulate(WasmInsn insn, List<Slot> stack)
    {
        if (insn.Effect is not var (pops, pushes))
        {
            stack.Clear();
            return;
        }

        var left = Math.Max(0, stack.Count - pops);
        stack.RemoveRange(left, stack.Count - left);
        if (insn.Op is Op.LocalSet or Op.LocalTee)
        {
            // A value of that local which is still on the stack is the one before.
            for (var i = 0; i < stack.Count; i++)
            {
                stack[i] = stack[i].Local == insn.Local ? Slot.Unknown : stack[i];
            }
        }

        stack.AddRange(Enumerable.Repeat(Slot.Unknown, pushes));
        if (insn.Op is Op.LocalGet or Op.LocalTee)
        {
            stack[^1] = stack[^1] with { Local = insn.Local };
        }
    }

    /// <summary>A value on the stack.</summary>
    /// <param name="At">Where it was pushed, if that can be moved; else -1.</param>
    /// <param name="Local">Which local has the same value, or -1.</param>
    private readonly record struct Slot(int At, int Local)
    {
        public static Slot Unknown => new(-1, -1);
    }
}

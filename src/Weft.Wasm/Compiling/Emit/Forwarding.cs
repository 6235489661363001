namespace Weft.Wasm.Compiling.Emit;

/// <summary>
/// Where a value waits in a local only while simple ones are pushed below it, these are pushed before it comes to be.
/// </summary>
internal static class Forwarding
{
    public static List<WasmInsn> Apply(FunctionCode function)
    {
        var after = Liveness.LiveAfter(function);
        var code = new List<WasmInsn>(function.Code.Count);
        for (var i = 0; i < function.Code.Count; i++)
        {
            var insn = function.Code[i];
            if (insn.Op != Op.LocalGet || after.Has(i, insn.Local) || !Forward(code, insn.Local))
            {
                code.Add(insn);
            }
        }

        return code;
    }

    private static bool Forward(List<WasmInsn> code, int local)
    {
        var first = code.Count;
        while (first > 0 && code[first - 1].IsSimple && !code[first - 1].Is(Op.LocalGet, local))
        {
            first--;
        }

        if (first == 0 || first == code.Count || !code[first - 1].Is(Op.LocalSet, local) || StartOf(code, first - 2) is not { } start)
        {
            return false;
        }

        var pushes = code[first..];
        if (code[start..(first - 1)].Exists(i => i.Op is Op.LocalSet or Op.LocalTee && pushes.Exists(p => p.Is(Op.LocalGet, i.Local))))
        {
            return false;
        }

        code.RemoveRange(first - 1, code.Count - first + 1);
        code.InsertRange(start, pushes);
        return true;
    }

    /// <summary>Where the computation of the one value begins that an instruction leaves on the stack.</summary>
    private static int? StartOf(List<WasmInsn> code, int last)
    {
        var missing = 1;
        for (var i = last; i >= 0; i--)
        {
            if (code[i].Effect is not var (pops, pushes) || pushes > missing)
            {
                return null;
            }

            missing += pops - pushes;
            if (missing == 0)
            {
                return i;
            }
        }

        return null;
    }
}

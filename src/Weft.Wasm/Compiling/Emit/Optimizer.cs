namespace Weft.Wasm.Compiling.Emit;

/// <summary>
/// Makes a function smaller without changing what it does. The compiler writes plain code, with a local for whatever must
/// wait; here what is copied about, computed for nothing or never reached goes away.
/// </summary>
internal static class Optimizer
{
    private const int MostRounds = 12;

    /// <summary>Above this the passes, which look at all locals at each instruction, would take too long.</summary>
    private const long MostWork = 20_000_000;

    public static FunctionCode Optimize(FunctionCode function)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            if ((long)function.Code.Count * function.Locals.Count > MostWork)
            {
                break;
            }

            var before = function.Code;
            function.Code = Reach.WithoutUnreached(function.Code);
            function.Code = Peephole.Apply(function.Code);
            function.Code = Sinking.Apply(function.Code);
            function.Code = Propagation.Apply(function);
            function.Code = Liveness.WithoutDeadStores(function);
            function.Code = Forwarding.Apply(function);
            if (before.SequenceEqual(function.Code))
            {
                break;
            }
        }

        return WithoutUnusedLocals(function);
    }

    private static FunctionCode WithoutUnusedLocals(FunctionCode function)
    {
        var used = function.Code.Where(IsLocal).Select(i => i.Local).ToHashSet();
        var numbers = new int[function.Locals.Count];
        var kept = new List<WasmType>();

        // Locals of a type stand together: their declaration is shorter.
        var order = Enumerable.Range(0, function.Locals.Count).OrderBy(l => l < function.Parameters ? -1 : (int)function.Locals[l]);
        foreach (var local in order)
        {
            if (local < function.Parameters || used.Contains(local))
            {
                numbers[local] = kept.Count;
                kept.Add(function.Locals[local]);
            }
        }

        var code = function.Code.Select(i => IsLocal(i) ? i with { Value = numbers[i.Local] } : i).ToList();
        return new FunctionCode(kept, function.Parameters, code);
    }

    public static bool IsLocal(WasmInsn insn) => insn.Op is >= Op.LocalGet and <= Op.LocalTee;
}

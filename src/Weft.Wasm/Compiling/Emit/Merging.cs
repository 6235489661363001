namespace Weft.Wasm.Compiling.Emit;

/// <summary>
/// Writes a function that is called at one place only where it is called: a call costs more than its bytes, since engines
/// look at the stack and at the time at the start of each function.
/// </summary>
internal static class Merging
{
    /// <summary>Larger functions than this many instructions take engines too long to compile.</summary>
    private const int MostMerged = 4000;

    public static void Apply(ModuleBuilder module)
    {
        var functions = new Functions(module);
        while (functions.MergeOnce())
        {
        }

        functions.Renumber();
    }

    private sealed class Functions(ModuleBuilder module)
    {
        private readonly HashSet<int> _gone = [];

        private DefinedFunction this[int function]
        {
            get => module.Functions[function - module.Imports.Count];
            set => module.Functions[function - module.Imports.Count] = value;
        }

        /// <summary>Merges those that are called once; what they call may be the next.</summary>
        public bool MergeOnce()
        {
            var callers = Callers();
            var changed = new HashSet<int>();
            foreach (var (callee, caller) in callers)
            {
                if (caller >= 0 && !_gone.Contains(caller) && caller != callee && !this[callee].StaysApart &&
                    this[caller].Code.Code.Count + this[callee].Code.Code.Count <= MostMerged)
                {
                    Write(this[callee], this[caller].Code, callee);
                    this[caller] = this[caller] is { Name: "" } unnamed ? unnamed with { Name = this[callee].Name } : this[caller];
                    _gone.Add(callee);
                    changed.Add(caller);
                }
            }

            foreach (var function in changed.Where(f => !_gone.Contains(f)))
            {
                this[function] = this[function] with { Code = Optimizer.Optimize(this[function].Code) };
            }

            return changed.Count > 0;
        }

        public void Renumber()
        {
            var numbers = new Dictionary<int, int>();
            var kept = new List<DefinedFunction>();
            for (var i = 0; i < module.Functions.Count; i++)
            {
                if (!_gone.Contains(i + module.Imports.Count))
                {
                    numbers[i + module.Imports.Count] = kept.Count + module.Imports.Count;
                    kept.Add(module.Functions[i]);
                }
            }

            foreach (var function in kept)
            {
                function.Code.Code = [.. function.Code.Code.Select(
                    i => i.Op == Op.Call && numbers.TryGetValue((int)i.Value, out var number) ? i with { Value = number } : i)];
            }

            module.Functions.Clear();
            module.Functions.AddRange(kept);
            module.Renumber(numbers);
        }

        /// <summary>For each function that is called at one place, by which; for others, a number below 0.</summary>
        private SortedDictionary<int, int> Callers()
        {
            var callers = new SortedDictionary<int, int>(module.Roots.ToDictionary(r => r, _ => -1));
            for (var i = 0; i < module.Functions.Count; i++)
            {
                var caller = i + module.Imports.Count;
                if (_gone.Contains(caller))
                {
                    continue;
                }

                foreach (var call in module.Functions[i].Code.Code.Where(c => c.Op == Op.Call && c.Value >= module.Imports.Count))
                {
                    callers[(int)call.Value] = callers.ContainsKey((int)call.Value) ? -1 : caller;
                }
            }

            return callers;
        }

        private void Write(DefinedFunction callee, FunctionCode caller, int index)
        {
            var code = new List<WasmInsn>();
            var first = caller.Locals.Count;
            caller.Locals = [.. caller.Locals, .. callee.Code.Locals];
            for (var i = callee.Code.Parameters - 1; i >= 0; i--)
            {
                code.Add(new WasmInsn(Op.LocalSet) { Value = first + i });
            }

            // In a loop it begins with what the turn before has left in its locals.
            for (var i = callee.Code.Parameters; i < callee.Code.Locals.Count; i++)
            {
                code.Add(WasmInsn.Zero(callee.Code.Locals[i]));
                code.Add(new WasmInsn(Op.LocalSet) { Value = first + i });
            }

            var end = new Label();
            code.Add(new WasmInsn(Op.Block) { Target = end, Value = module.BlockTypeOf(callee.Type) });
            code.AddRange(callee.Code.Code.Select(insn => insn switch
            {
                { Op: Op.Return } => new WasmInsn(Op.Br) { Target = end },
                _ when Optimizer.IsLocal(insn) => insn with { Value = insn.Value + first },
                _ => insn,
            }));
            code.Add(new WasmInsn(Op.End));
            var at = caller.Code.FindIndex(i => i.Op == Op.Call && i.Value == index);
            caller.Code = [.. caller.Code[..at], .. code, .. caller.Code[(at + 1)..]];
        }
    }
}

namespace Weft.Wasm.Compiling.Emit;

/// <summary>Which locals are read later, at each instruction: what is stored for nobody need not be stored.</summary>
internal static class Liveness
{
    public static List<WasmInsn> WithoutDeadStores(FunctionCode function)
    {
        var after = LiveAfter(function);
        var code = new List<WasmInsn>(function.Code.Count);
        for (var i = 0; i < function.Code.Count; i++)
        {
            var insn = function.Code[i];
            if (insn.Op is not (Op.LocalSet or Op.LocalTee) || after.Has(i, insn.Local))
            {
                code.Add(insn);
            }
            else if (insn.Op == Op.LocalSet)
            {
                code.Add(new WasmInsn(Op.Drop));
            }
        }

        return code;
    }

    /// <summary>For each instruction the locals that are read after it before they are written.</summary>
    public static LiveSets LiveAfter(FunctionCode function)
    {
        var code = function.Code;
        var next = Successors(code);
        var before = new LiveSets(code.Count + 1, function.Locals.Count);
        var after = new LiveSets(code.Count, function.Locals.Count);
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = code.Count - 1; i >= 0; i--)
            {
                foreach (var successor in next[i])
                {
                    after.Add(i, before, successor);
                }

                changed |= before.Become(i, after, i, Optimizer.IsLocal(code[i]) ? code[i] : null);
            }
        }

        return after;
    }

    private static int[][] Successors(List<WasmInsn> code)
    {
        var places = Places(code, out var otherwise);
        var next = new int[code.Count][];
        for (var i = 0; i < code.Count; i++)
        {
            var insn = code[i];
            next[i] = insn.Op switch
            {
                Op.Br => [places[insn.Target!]],
                Op.BrIf => [places[insn.Target!], i + 1],
                Op.BrTable => [.. insn.Targets!.Select(t => places[t]).Distinct()],
                Op.If => [i + 1, otherwise[i]],
                Op.Else => [otherwise[i]],
                Op.Return or Op.Unreachable => [],
                _ => [i + 1],
            };
        }

        return next;
    }

    /// <summary>Where each label leads; and where an if goes whose condition does not hold, and an else that is run into.</summary>
    private static Dictionary<Label, int> Places(List<WasmInsn> code, out Dictionary<int, int> otherwise)
    {
        var places = new Dictionary<Label, int>();
        otherwise = [];
        var open = new Stack<(int Start, int Else)>();
        for (var i = 0; i < code.Count; i++)
        {
            if (code[i].Opens)
            {
                open.Push((i, -1));
            }
            else if (code[i].IsElse)
            {
                otherwise[open.Peek().Start] = i + 1;
                open.Push(open.Pop() with { Else = i });
            }
            else if (code[i].IsEnd)
            {
                var (start, other) = open.Pop();
                places[code[start].Target!] = code[start].Op == Op.Loop ? start + 1 : i + 1;
                otherwise.TryAdd(start, i + 1);
                if (other >= 0)
                {
                    otherwise[other] = i + 1;
                }
            }
        }

        return places;
    }
}

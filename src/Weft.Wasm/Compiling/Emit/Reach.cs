namespace Weft.Wasm.Compiling.Emit;

/// <summary>What control flow alone says: code that is never reached, blocks that nobody leaves by name.</summary>
internal static class Reach
{
    public static List<WasmInsn> WithoutUnreached(List<WasmInsn> code) => WithoutUnusedBlocks(WithoutDead(code));

    private static List<WasmInsn> WithoutDead(List<WasmInsn> code)
    {
        var kept = new List<WasmInsn>(code.Count);
        var skipped = -1;
        foreach (var insn in code)
        {
            if (skipped < 0 && insn.Op == Op.If && kept is [.., { Op: Op.I32Const, Value: 0 }])
            {
                // Never: only what else there is.
                kept[^1] = insn with { Op = Op.Block };
                skipped = 0;
            }
            else if (skipped < 0)
            {
                Keep(kept, insn);
                skipped = insn.Leaves ? 0 : -1;
            }
            else if (insn.Opens)
            {
                skipped++;
            }
            else if (insn.IsEnd && skipped > 0)
            {
                skipped--;
            }
            else if ((insn.IsEnd || insn.IsElse) && skipped == 0)
            {
                if (!(insn.IsElse && IsInBlock(kept)))
                {
                    Keep(kept, insn);
                }

                skipped = -1;
            }
        }

        return kept;
    }

    /// <summary>Whether what is open at the end is a block, which has no else.</summary>
    private static bool IsInBlock(List<WasmInsn> kept)
    {
        var depth = 0;
        for (var i = kept.Count - 1; i >= 0; i--)
        {
            if (kept[i].IsEnd)
            {
                depth++;
            }
            else if (kept[i].Opens && depth-- == 0)
            {
                return kept[i].Op == Op.Block;
            }
        }

        return false;
    }

    private static void Keep(List<WasmInsn> kept, WasmInsn insn)
    {
        if (insn.IsEnd && kept is [.., { IsElse: true }])
        {
            kept.RemoveAt(kept.Count - 1);
        }

        kept.Add(insn);
    }

    private static List<WasmInsn> WithoutUnusedBlocks(List<WasmInsn> code)
    {
        var open = new Stack<(int Start, int Else)>();
        var removed = new HashSet<int>();
        var replaced = new Dictionary<int, WasmInsn>();
        RemoveLastBranches(code, removed);
        var used = Used(code, removed);
        for (var i = 0; i < code.Count; i++)
        {
            if (code[i].Opens)
            {
                open.Push((i, -1));
            }
            else if (code[i].IsElse)
            {
                open.Push(open.Pop() with { Else = i });
            }
            else if (code[i].IsEnd)
            {
                var (start, otherwise) = open.Pop();
                if (code[start].Op != Op.If && !used.Contains(code[start].Target!))
                {
                    removed.UnionWith([start, i]);
                }
                else if (otherwise > 0 && code[otherwise - 1].Leaves && !removed.Contains(otherwise - 1))
                {
                    // What comes next if the condition does not hold need not stand within the if.
                    removed.Add(i);
                    replaced[otherwise] = new WasmInsn(Op.End);
                    if (used.Contains(code[start].Target!))
                    {
                        removed.Remove(i);
                        replaced.Remove(otherwise);
                    }
                }
            }
        }

        return [.. code.Select((c, i) => replaced.GetValueOrDefault(i, c)).Where((_, i) => !removed.Contains(i))];
    }

    // A branch to where control goes by itself.
    private static void RemoveLastBranches(List<WasmInsn> code, HashSet<int> removed)
    {
        var open = new Stack<WasmInsn>();
        for (var i = 0; i < code.Count; i++)
        {
            if (code[i].Opens)
            {
                open.Push(code[i]);
            }
            else if ((code[i].IsEnd || code[i].IsElse) && i > 0)
            {
                var block = code[i].IsEnd ? open.Pop() : open.Peek();
                if (block.Op != Op.Loop && code[i - 1] is { Op: Op.Br } last && last.Target == block.Target)
                {
                    removed.Add(i - 1);
                }
            }
        }

        if (code is [.., { Op: Op.Return }])
        {
            removed.Add(code.Count - 1);
        }
    }

    private static HashSet<Label> Used(List<WasmInsn> code, HashSet<int> removed) =>
        [.. code.Where((c, i) => !removed.Contains(i) && !c.Opens)
            .SelectMany(c => c.Targets ?? (c.Target is { } one ? [one] : []))];
}

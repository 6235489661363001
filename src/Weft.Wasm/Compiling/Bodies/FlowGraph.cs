using Mono.Cecil.Cil;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>
/// Basic blocks in reverse postorder with their dominators (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm),
/// loops and merges: what is needed to write structured control flow.
/// </summary>
internal sealed class FlowGraph
{
    private FlowGraph(Block entry, List<Block> order) => (Entry, Blocks) = (entry, order);

    public Block Entry { get; }

    /// <summary>The blocks that can be reached, in reverse postorder.</summary>
    public List<Block> Blocks { get; }

    public static FlowGraph Of(List<Insn> code)
    {
        var blocks = Split(code);
        Connect(code, blocks);
        var entry = blocks[code[0]];
        var order = Postorder(entry);
        order.Reverse();
        for (var i = 0; i < order.Count; i++)
        {
            order[i].Order = i;
        }

        foreach (var block in order)
        {
            block.Successors.ForEach(s => s.Predecessors.Add(block));
        }

        Dominate(entry, order);
        MarkLoopsAndMerges(order);
        return new FlowGraph(entry, order);
    }

    private static Dictionary<Insn, Block> Split(List<Insn> code)
    {
        var leaders = new HashSet<Insn> { code[0] };
        for (var i = 0; i < code.Count; i++)
        {
            if (code[i].Target is { } target)
            {
                leaders.Add(target);
            }

            leaders.UnionWith(code[i].Targets ?? []);
            if (code[i].EndsBlock && i + 1 < code.Count)
            {
                leaders.Add(code[i + 1]);
            }
        }

        var blocks = new Dictionary<Insn, Block>();
        Block? current = null;
        foreach (var insn in code)
        {
            if (current is null || leaders.Contains(insn))
            {
                blocks[insn] = current = new Block(blocks.Count);
            }

            current.Code.Add(insn);
        }

        return blocks;
    }

    private static void Connect(List<Insn> code, Dictionary<Insn, Block> blocks)
    {
        var next = code.Zip(code.Skip(1)).ToDictionary(p => p.First, p => p.Second);
        foreach (var block in blocks.Values)
        {
            var last = block.Code[^1];
            block.Successors.AddRange((last.Targets ?? []).Select(t => blocks[t]));
            if (last.Target is { } target)
            {
                block.Successors.Add(blocks[target]);
            }

            if (last.FallsThrough)
            {
                block.Successors.Add(next.TryGetValue(last, out var following)
                    ? blocks[following]
                    : throw new NotInSubset("PW0010", "the method's code runs over its end"));
            }
        }
    }

    // Without recursion: bodies may be long.
    private static List<Block> Postorder(Block entry)
    {
        var order = new List<Block>();
        var seen = new HashSet<Block> { entry };
        var open = new Stack<(Block Block, int Next)>([(entry, 0)]);
        while (open.TryPop(out var top))
        {
            if (top.Next == top.Block.Successors.Count)
            {
                order.Add(top.Block);
                continue;
            }

            open.Push((top.Block, top.Next + 1));
            if (seen.Add(top.Block.Successors[top.Next]))
            {
                open.Push((top.Block.Successors[top.Next], 0));
            }
        }

        return order;
    }

    private static void Dominate(Block entry, List<Block> order)
    {
        entry.Dominator = entry;
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var block in order.Skip(1))
            {
                var dominator = block.Predecessors.Where(p => p.Dominator is not null).Aggregate(Meet);
                changed |= block.Dominator != dominator;
                block.Dominator = dominator;
            }
        }

        foreach (var block in order.Skip(1))
        {
            block.Dominator!.Dominated.Add(block);
        }

        foreach (var block in order.Skip(1).Reverse())
        {
            block.Dominator!.TreeSize += block.TreeSize;
        }
    }

    private static Block Meet(Block a, Block b)
    {
        while (a != b)
        {
            (a, b) = a.Order > b.Order ? (a.Dominator!, b) : (a, b.Dominator!);
        }

        return a;
    }

    private static void MarkLoopsAndMerges(List<Block> order)
    {
        foreach (var block in order)
        {
            var forward = 0;
            foreach (var from in block.Predecessors)
            {
                if (from.Order < block.Order)
                {
                    forward++;
                    continue;
                }

                if (!Dominates(block, from))
                {
                    throw new NotInSubset("PW0010", "control flow jumps into a loop", "leave out the goto");
                }

                block.IsLoop = true;
                MarkInLoop(block, from);
            }

            block.IsMerge = forward > 1;
        }

        foreach (var block in order.Where(b => b.Code[^1].Code == Code.Switch))
        {
            block.Successors.ForEach(s => s.IsMerge |= s.Order > block.Order);
        }
    }

    private static bool Dominates(Block a, Block b)
    {
        while (b.Order > a.Order)
        {
            b = b.Dominator!;
        }

        return a == b;
    }

    private static void MarkInLoop(Block head, Block back)
    {
        var seen = new HashSet<Block> { head };
        var open = new Stack<Block>([back]);
        head.InLoop = true;
        while (open.TryPop(out var block))
        {
            if (seen.Add(block))
            {
                block.InLoop = true;
                block.Predecessors.ForEach(open.Push);
            }
        }

        head.Loop.UnionWith(seen);
    }
}

using Mono.Cecil.Cil;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Leaves out what is never reached, and branches to what comes next: a body that has become straight can be inlined.</summary>
internal static class Straightening
{
    public static List<Insn> Apply(List<Insn> body)
    {
        var blocks = FlowGraph.Of(body).Blocks;
        var straight = blocks.TrueForAll(b => b.Successors.Count <= 1 && b.Predecessors.Count <= 1 && !b.IsLoop);
        var kept = straight
            ? blocks.SelectMany(b => b.Code.Where(i => i.Code is not (Code.Br or Code.Leave or Code.Nop)))
            : body.Where(blocks.SelectMany(b => b.Code).ToHashSet().Contains);
        var list = kept.ToList();
        for (var i = 0; i < list.Count; i++)
        {
            list[i].Index = i;
        }

        return list;
    }
}

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>A basic block, and its place in the dominator tree.</summary>
internal sealed class Block(int id)
{
    public int Id => id;

    public List<Insn> Code { get; } = [];

    /// <summary>Where it goes on: of a condition, where it holds and where not; of a switch, its cases and then the default.</summary>
    public List<Block> Successors { get; } = [];

    public List<Block> Predecessors { get; } = [];

    /// <summary>The number in reverse postorder; -1 where nothing leads to it.</summary>
    public int Order { get; set; } = -1;

    public Block? Dominator { get; set; }

    public List<Block> Dominated { get; } = [];

    /// <summary>How many blocks it dominates, with itself.</summary>
    public int TreeSize { get; set; } = 1;

    /// <summary>Whether it is the head of a loop.</summary>
    public bool IsLoop { get; set; }

    /// <summary>Whether it lies in a loop, so that it may run more than once.</summary>
    public bool InLoop { get; set; }

    /// <summary>Of the head of a loop: the blocks that lie in it.</summary>
    public HashSet<Block> Loop { get; } = [];

    /// <summary>Whether several ways lead forward to it, so that it needs a label.</summary>
    public bool IsMerge { get; set; }
}

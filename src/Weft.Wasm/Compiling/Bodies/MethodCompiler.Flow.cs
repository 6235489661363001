using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Structured control flow from the dominator tree, and the operands that pass from block to block.</summary>
internal sealed partial class MethodCompiler
{
    private const int DeepestNesting = 400;
    private const int MostCostOfTurn = 1_000_000;
    private readonly Dictionary<(int Depth, WasmType Type), int> _merges = [];
    private readonly Dictionary<Block, List<IlType>> _entryStacks = [];

    /// <summary>A block and all that it dominates. What needs no label around it follows in a loop, for code may be long.</summary>
    private void WriteTree(Block? block)
    {
        while (block is not null)
        {
            block = block.IsLoop ? WriteLoop(block) : WriteWithin(block);
        }
    }

    private Block? WriteLoop(Block block)
    {
        Open(Op.Loop, new LabelOf(block, IsLoop: true));
        BurnFuel(block);
        WriteTree(WriteWithin(block));
        Close();
        return null;
    }

    /// <summary>A block within labels for the merges that it dominates, and those behind their labels; what is next, if anything.</summary>
    private Block? WriteWithin(Block block)
    {
        var merges = block.Dominated.Where(b => b.IsMerge).OrderByDescending(b => b.Order).ToList();
        merges.ForEach(m => Open(Op.Block, new LabelOf(m, IsLoop: false)));
        var next = WriteBlock(block);
        for (var i = merges.Count - 1; i >= 0; i--)
        {
            WriteTree(next);
            Close();
            next = merges[i];
        }

        return next;
    }

    private void Open(int op, LabelOf? label)
    {
        if (_labels.Count > DeepestNesting)
        {
            throw new NotInSubset("PW0012", $"{method.Shown} is nested too deeply", "split it");
        }

        _code.Label(op);
        _labels.Add(label);
    }

    private void Close()
    {
        _labels.RemoveAt(_labels.Count - 1);
        _code.Label(Op.End);
    }

    /// <summary>A turn of a loop costs what stands in it, so that the budget is one of time, not of turns.</summary>
    private void BurnFuel(Block head)
    {
        if (!program.Contains || PluginSources.IsTrusted(method))
        {
            return;
        }

        _insn = head.Code[0];
        _place = (method, _insn);
        BurnFuel((int)Math.Min(head.Loop.Sum(b => b.Code.Sum(i => 1L + CostOfCallee(i))), MostCostOfTurn));
    }

    /// <summary>What a called method costs that burns nothing itself: it is small, but may stand in a loop.</summary>
    private int CostOfCallee(Insn insn)
    {
        if (insn.Code is not (Code.Call or Code.Callvirt or Code.Newobj))
        {
            return 0;
        }

        try
        {
            return Sources.Calls.Resolve((MethodReference)insn.Operand!, method.Scope, null) is CallTarget.Guest guest ? program.Cost(guest.Method) : 0;
        }
        catch (NotInSubset)
        {
            return 0;
        }
    }

    // What many loops and much recursion add up to is bounded by what each of them burns; straight code by its own cost.
    private void BurnAtEntry()
    {
        if (program.Contains && program.CostAtEntry(method) is > 0 and var cost)
        {
            BurnFuel(cost);
        }
    }

    private void BurnFuel(int cost)
    {
        _code.Op(Op.GlobalGet, Globals.Fuel).I32(cost).Op(Op.I32Sub).Op(Op.GlobalSet, Globals.Fuel);
        _code.Op(Op.GlobalGet, Globals.Fuel).I32(0).Op(Op.I32LtS);
        FailIf(FaultKind.Fuel);
    }

    private Block? WriteBlock(Block block)
    {
        (_stack, _block) = ([], block);
        if (_entryStacks.TryGetValue(block, out var entry))
        {
            var depth = 0;
            foreach (var type in entry)
            {
                foreach (var part in Layouts.Of(type).Parts)
                {
                    _code.Get(MergeLocal(depth++, part.Type));
                }

                _stack.Add(new Operand(type));
            }
        }

        foreach (var insn in block.Code)
        {
            (_previous, _insn, _place) = (insn == block.Code[0] ? null : _insn, insn, (method, insn));
            if (insn == block.Code[^1] && WriteEnd(block, out var next))
            {
                return next;
            }

            Write(insn);
        }

        LeaveOperands(block);
        return GoTo(block, block.Successors[0]);
    }

    private bool WriteEnd(Block block, out Block? next)
    {
        next = null;
        switch (_insn.Code)
        {
            case Code.Ret:
                ReturnValue();
                Leave();
                return true;
            case Code.Br or Code.Leave:
                if (_insn.Code == Code.Leave)
                {
                    DropAll();
                }

                LeaveOperands(block);
                next = GoTo(block, block.Successors[0]);
                return true;
            case Code.Throw:
                Pop();
                Fail(FaultKind.Thrown);
                return true;
            case Code.Switch:
                Pop(IlType.Int);
                LeaveOperands(block, underCondition: true);
                _code.BranchTable(block.Successors.Select(s => Depth(block, s)));
                return true;
            case Code.Jmp or Code.Endfinally or Code.Rethrow:
                throw new NotInSubset("PW0009", $"the instruction {_insn.Code} is not in the subset");
        }

        if (!_insn.IsConditional)
        {
            return false;
        }

        Condition(_insn.Code);
        LeaveOperands(block, underCondition: true);
        next = Fork(block, block.Successors[0], block.Successors[1]);
        return true;
    }

    private Block? Fork(Block block, Block yes, Block no)
    {
        if (NeedsBranch(block, yes))
        {
            _code.Op(Op.BrIf, (uint)Depth(block, yes));
            return GoTo(block, no);
        }

        if (NeedsBranch(block, no))
        {
            _code.Op(Op.I32Eqz).Op(Op.BrIf, (uint)Depth(block, no));
            return GoTo(block, yes);
        }

        // No way leads out of a block's end but by a branch: so the larger side needs no else around it.
        if (yes.TreeSize > no.TreeSize)
        {
            _code.Op(Op.I32Eqz);
            (yes, no) = (no, yes);
        }

        Open(Op.If, null);
        WriteTree(yes);
        Close();
        return no;
    }

    private Block? GoTo(Block from, Block to)
    {
        if (!NeedsBranch(from, to))
        {
            return to;
        }

        _code.Op(Op.Br, (uint)Depth(from, to));
        return null;
    }

    private static bool NeedsBranch(Block from, Block to) => to.Order <= from.Order || to.IsMerge;

    private int Depth(Block from, Block to)
    {
        var wanted = new LabelOf(to, to.Order <= from.Order);
        var at = _labels.FindLastIndex(l => wanted.Equals(l));
        return at >= 0 ? _labels.Count - 1 - at : throw new NotInSubset("PW0010", "control flow is not structured");
    }

    /// <summary>What is left on the stack goes to the next blocks in wasm locals.</summary>
    private void LeaveOperands(Block block, bool underCondition = false)
    {
        if (_stack.Count == 0)
        {
            return;
        }

        var condition = -1;
        if (underCondition)
        {
            condition = Take(WasmType.I32);
            _code.Set(condition);
        }

        var types = TypesForSuccessors(block);
        Settle([.. types], []);
        var parts = types.SelectMany(t => Layouts.Of(t).Parts).ToList();
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            _code.Set(MergeLocal(i, parts[i].Type));
        }

        if (underCondition)
        {
            _code.Get(condition);
            Give(WasmType.I32, condition);
        }
    }

    private List<IlType> TypesForSuccessors(Block block)
    {
        var types = _stack.Select((o, depth) =>
            _mergedTypes.TryGetValue((block.Successors[0].Id, depth), out var hint) ? hint : TypeOnStack(o)).ToList();
        foreach (var next in block.Successors)
        {
            if (!_entryStacks.TryAdd(next, types) && !SameParts(_entryStacks[next], types, next))
            {
                types = _entryStacks[next];
            }
        }

        return types;
    }

    // null before a value on another way: of which type is known only when the other way is compiled.
    private bool SameParts(List<IlType> before, List<IlType> now, Block block)
    {
        if (before.Count != now.Count)
        {
            throw new NotInSubset("PW0010", "ways meet with different operands");
        }

        for (var i = 0; i < now.Count; i++)
        {
            if (before[i] == IlType.Null && now[i] != IlType.Null)
            {
                _mergedTypes[(block.Id, i)] = now[i];
                throw new Again();
            }
        }

        return before.SequenceEqual(now);
    }

    // Another way may bring more bits than this one's small number has.
    private static IlType TypeOnStack(Operand operand) =>
        operand.Type.Kind is IlKind.Bool or IlKind.I1 or IlKind.U1 or IlKind.I2 or IlKind.U2 ? IlType.Int : operand.Type;

    private int MergeLocal(int depth, WasmType type)
    {
        if (!_merges.TryGetValue((depth, type), out var local))
        {
            _merges[(depth, type)] = local = NewLocal(type);
        }

        return local;
    }

    private sealed record LabelOf(Block Block, bool IsLoop);
}

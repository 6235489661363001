using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Structured control flow from the dominator tree, and the operands that pass from block to block.</summary>
internal sealed partial class MethodCompiler
{
    private const int DeepestNesting = 400;
    private readonly Dictionary<(int Depth, WasmType Type), int> _merges = [];
    private readonly Dictionary<Block, List<IlType>> _entryStacks = [];

    private void WriteTree(Block block)
    {
        if (_labels.Count > DeepestNesting)
        {
            throw new NotInSubset("PW0012", $"{method.Shown} is nested too deeply", "split it");
        }

        var merges = block.Dominated.Where(b => b.IsMerge).OrderByDescending(b => b.Order).ToList();
        if (!block.IsLoop)
        {
            WriteWithin(block, merges, 0);
            return;
        }

        _code.Label(Op.Loop);
        _labels.Add(new LabelOf(block, IsLoop: true));
        BurnFuel(block);
        WriteWithin(block, merges, 0);
        _labels.RemoveAt(_labels.Count - 1);
        _code.Label(Op.End);
    }

    private void WriteWithin(Block block, List<Block> merges, int next)
    {
        if (next == merges.Count)
        {
            WriteBlock(block);
            return;
        }

        _code.Label(Op.Block);
        _labels.Add(new LabelOf(merges[next], IsLoop: false));
        WriteWithin(block, merges, next + 1);
        _labels.RemoveAt(_labels.Count - 1);
        _code.Label(Op.End);
        WriteTree(merges[next]);
    }

    /// <summary>A turn of a loop costs what stands in it, so that the budget is one of time, not of turns.</summary>
    private void BurnFuel(Block head)
    {
        if (!program.Contains || PluginProgram.IsTrusted(method))
        {
            return;
        }

        _insn = head.Code[0];
        _place = (method, _insn);
        BurnFuel(head.LoopCost);
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

    private void WriteBlock(Block block)
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
            if (insn == block.Code[^1] && WriteEnd(block))
            {
                return;
            }

            Write(insn);
        }

        LeaveOperands(block);
        GoTo(block, block.Successors[0]);
    }

    private bool WriteEnd(Block block)
    {
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
                GoTo(block, block.Successors[0]);
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
        Fork(block, block.Successors[0], block.Successors[1]);
        return true;
    }

    private void Fork(Block block, Block yes, Block no)
    {
        if (NeedsBranch(block, yes))
        {
            _code.Op(Op.BrIf, (uint)Depth(block, yes));
            GoTo(block, no);
        }
        else if (NeedsBranch(block, no))
        {
            _code.Op(Op.I32Eqz).Op(Op.BrIf, (uint)Depth(block, no));
            GoTo(block, yes);
        }
        else
        {
            _code.Label(Op.If);
            _labels.Add(null);
            GoTo(block, yes);
            _code.Label(Op.Else);
            GoTo(block, no);
            _labels.RemoveAt(_labels.Count - 1);
            _code.Label(Op.End);
        }
    }

    private void GoTo(Block from, Block to)
    {
        if (NeedsBranch(from, to))
        {
            _code.Op(Op.Br, (uint)Depth(from, to));
        }
        else
        {
            WriteTree(to);
        }
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

    // null before a literal on another way: known only when the other way is compiled.
    private bool SameParts(List<IlType> before, List<IlType> now, Block block)
    {
        for (var i = 0; i < now.Count; i++)
        {
            if (before[i] == IlType.Null && now[i].Kind == IlKind.Text)
            {
                _mergedTypes[(block.Id, i)] = now[i];
                throw new Again();
            }
        }

        return before.SequenceEqual(now);
    }

    private static IlType TypeOnStack(Operand operand) => operand.Type;

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

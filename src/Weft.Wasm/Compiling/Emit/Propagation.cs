namespace Weft.Wasm.Compiling.Emit;

/// <summary>Reads the original where a local is a copy of another, or of a constant that is no longer to write.</summary>
internal sealed class Propagation
{
    private readonly Dictionary<int, WasmInsn> _known = [];
    private readonly int[] _uses;

    private Propagation(FunctionCode function)
    {
        _uses = new int[function.Locals.Count];
        function.Code.ForEach(i => _uses[i.Op == Op.LocalGet ? i.Local : 0]++);
    }

    public static List<WasmInsn> Apply(FunctionCode function)
    {
        var propagation = new Propagation(function);
        var code = new List<WasmInsn>(function.Code.Count);
        foreach (var insn in function.Code)
        {
            code.Add(propagation.Next(insn, code is [.., var last] ? last : null));
        }

        return code;
    }

    private WasmInsn Next(WasmInsn insn, WasmInsn? before)
    {
        switch (insn.Op)
        {
            case Op.LocalGet:
                return _known.GetValueOrDefault(insn.Local, insn);
            case Op.LocalSet or Op.LocalTee:
                Forget(insn.Local);
                if (before is { Op: Op.LocalGet } copy && copy.Local != insn.Local)
                {
                    _known[insn.Local] = copy;
                }
                else if (before is { IsConst: true } && (IsShort(before) || _uses[insn.Local] == 1))
                {
                    _known[insn.Local] = before;
                }

                return insn;
            case Op.End or Op.Else or Op.Loop:
                // Several ways lead here.
                _known.Clear();
                return insn;
            default:
                return insn;
        }
    }

    private static bool IsShort(WasmInsn constant) => constant is { Op: Op.I32Const or Op.I64Const, Value: >= -64 and <= 63 };

    private void Forget(int local)
    {
        _known.Remove(local);
        foreach (var (copy, of) in _known)
        {
            if (of.Is(Op.LocalGet, local))
            {
                _known.Remove(copy);
            }
        }
    }
}

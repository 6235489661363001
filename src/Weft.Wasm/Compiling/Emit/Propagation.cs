namespace Weft.Wasm.Compiling.Emit;

/// <summary>
/// Reads the original where a local is a copy of another, or of a constant that is short or needed only once more.
/// </summary>
internal sealed class Propagation
{
    private readonly Dictionary<int, WasmInsn> _known = [];
    private readonly HashSet<int> _used = [];
    private readonly LiveSets _after;

    private Propagation(FunctionCode function) => _after = Liveness.LiveAfter(function);

    public static List<WasmInsn> Apply(FunctionCode function)
    {
        var propagation = new Propagation(function);
        var code = new List<WasmInsn>(function.Code.Count);
        for (var i = 0; i < function.Code.Count; i++)
        {
            code.Add(propagation.Next(function.Code[i], code is [.., var last] ? last : null, i));
        }

        return code;
    }

    private WasmInsn Next(WasmInsn insn, WasmInsn? before, int at)
    {
        switch (insn.Op)
        {
            case Op.LocalGet:
                return Known(insn, at);
            case Op.LocalSet or Op.LocalTee:
                Forget(insn.Local);
                if (before is { IsConst: true } || (before is { Op: Op.LocalGet } copy && copy.Local != insn.Local))
                {
                    _known[insn.Local] = before;
                    _used.Remove(insn.Local);
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

    private WasmInsn Known(WasmInsn get, int at)
    {
        if (!_known.TryGetValue(get.Local, out var original))
        {
            return get;
        }

        // A long constant that is read twice is better kept.
        var isLast = !_after.Has(at, get.Local) && !_used.Contains(get.Local);
        _used.Add(get.Local);
        return original.Op == Op.LocalGet || IsShort(original) || isLast ? original : get;
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

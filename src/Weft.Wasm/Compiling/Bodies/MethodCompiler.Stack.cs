using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Operands, wasm locals for what comes between, and memory.</summary>
internal sealed partial class MethodCompiler
{
    private readonly Dictionary<WasmType, Stack<int>> _free = [];

    private void Push(IlType type, bool notNull = false) => _stack.Add(new Operand(type) { NotNull = notNull });

    private void Push(Operand operand) => _stack.Add(operand);

    /// <summary>Takes the top operand off, wherever it is.</summary>
    private Operand Pop()
    {
        if (_stack.Count == 0)
        {
            throw new NotInSubset("PW0010", "an instruction lacks an operand");
        }

        var top = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    /// <summary>Takes the top operand off as a value of that type, which then lies on wasm's stack.</summary>
    private Operand Pop(IlType wanted)
    {
        Settle([wanted], []);
        return Pop();
    }

    /// <summary>Takes the top operand off as the number that it is: an address with all that is still to be added.</summary>
    private Operand PopNumber()
    {
        var top = _stack[^1];
        return Pop(top.Place == OperandPlace.Null ? IlType.Object : top.Type);
    }

    /// <summary>
    /// Brings the top operands onto wasm's stack, in order, as values of the types wanted. An operand that is wanted
    /// <em>by value</em> though it is the address of a struct is loaded.
    /// </summary>
    private void Settle(ReadOnlySpan<IlType> wanted, ReadOnlySpan<bool> byValue)
    {
        var first = _stack.Count - wanted.Length;
        var lowest = _stack.Count;
        for (var i = _stack.Count - 1; i >= first; i--)
        {
            if (NeedsWork(_stack[i], wanted[i - first], !byValue.IsEmpty && byValue[i - first]))
            {
                lowest = i;
            }
        }

        var kept = new List<int[]>();
        for (var i = _stack.Count - 1; i > lowest; i--)
        {
            kept.Add(_stack[i].IsOnStack ? Spill(Layouts.Of(_stack[i].Type)) : []);
        }

        for (var i = lowest; i < _stack.Count; i++)
        {
            if (i > lowest && _stack[i].IsOnStack)
            {
                Unspill(Layouts.Of(_stack[i].Type), kept[_stack.Count - 1 - i]);
            }

            _stack[i] = Settled(_stack[i], wanted[i - first], !byValue.IsEmpty && byValue[i - first]);
        }
    }

    private bool NeedsWork(Operand operand, IlType wanted, bool byValue) =>
        byValue || !operand.IsOnStack || operand.Offset != 0 || Narrows(operand.Type, wanted) || Misfit(operand.Type, wanted);

    private bool Misfit(IlType from, IlType to) =>
        Layouts.Of(from).Parts.Length != Layouts.Of(to).Parts.Length || Layouts.Of(from).Parts is [{ Type: var a }] && Layouts.Of(to).Parts is [{ Type: var b }] && a != b;

    private Operand Settled(Operand operand, IlType wanted, bool byValue)
    {
        if (byValue)
        {
            LoadFrom(operand, wanted);
            return new Operand(wanted);
        }

        switch (operand.Place)
        {
            case OperandPlace.VariableAddress:
                Escape(operand.Variable!);
                break;
            case OperandPlace.LocalAddress:
                _code.Get(BaseOf(operand)).I32(operand.Offset).Op(Op.I32Add);
                return new Operand(operand.Type);
            case OperandPlace.Null:
                foreach (var part in Layouts.Of(wanted).Parts)
                {
                    _code.Zero(part.Type);
                }

                return new Operand(wanted);
            case OperandPlace.Token:
                throw new NotInSubset("PW0007", "a function's address or a type's handle is used as a value", "use a static lambda");
        }

        if (operand.Offset != 0)
        {
            _code.I32(operand.Offset).Op(Op.I32Add);
        }

        return Converted(operand, wanted);
    }

    private Operand Converted(Operand operand, IlType wanted)
    {
        if (Misfit(operand.Type, wanted))
        {
            switch (Layouts.Of(operand.Type).Parts, Layouts.Of(wanted).Parts)
            {
                case ([{ Type: WasmType.F32 }], [{ Type: WasmType.F64 }]):
                    _code.Op(Op.F64PromoteF32);
                    break;
                case ([{ Type: WasmType.F64 }], [{ Type: WasmType.F32 }]):
                    _code.Op(Op.F32DemoteF64);
                    break;
                default:
                    throw new NotInSubset("PW0002", $"{operand.Type} becomes {wanted}", "a string is a literal here: hand it to the SDK as it is");
            }
        }
        else if (Narrows(operand.Type, wanted))
        {
            Narrow(wanted.Kind);
        }

        return operand with { Offset = 0 };
    }

    /// <summary>Whether a number may have bits that the smaller type does not: variables in memory lose them by themselves.</summary>
    private static bool Narrows(IlType from, IlType to) =>
        to.Kind is IlKind.U1 or IlKind.I1 or IlKind.U2 or IlKind.I2 && from.Kind != to.Kind && !(from.Kind == IlKind.Bool && to.Kind != IlKind.I1);

    private void Narrow(IlKind kind) => _ = kind switch
    {
        IlKind.U1 => _code.I32(0xff).Op(Op.I32And),
        IlKind.U2 => _code.I32(0xffff).Op(Op.I32And),
        IlKind.I1 => _code.Op(Op.I32Extend8S),
        _ => _code.Op(Op.I32Extend16S),
    };

    private void Escape(Variable variable)
    {
        _escaped.Add(variable.Key);
        throw new Again();
    }

    private void DropAll()
    {
        while (_stack.Count > 0)
        {
            Drop(Pop());
        }
    }

    private void Drop(Operand operand)
    {
        for (var i = operand.IsOnStack ? Layouts.Of(operand.Type).Parts.Length : 0; i > 0; i--)
        {
            _code.Op(Op.Drop);
        }
    }

    private int NewLocal(WasmType type)
    {
        _locals.Add(type);
        return _parameterCount + _locals.Count - 1;
    }

    private int Take(WasmType type) => _free.TryGetValue(type, out var free) && free.TryPop(out var local) ? local : NewLocal(type);

    private void Give(WasmType type, int local)
    {
        if (!_free.TryGetValue(type, out var free))
        {
            _free[type] = free = new Stack<int>();
        }

        free.Push(local);
    }

    private int[] Spill(Layout layout)
    {
        int[] locals = [.. layout.Parts.Select(p => Take(p.Type))];
        for (var i = locals.Length - 1; i >= 0; i--)
        {
            _code.Set(locals[i]);
        }

        return locals;
    }

    private void Unspill(Layout layout, int[] locals)
    {
        for (var i = 0; i < locals.Length; i++)
        {
            _code.Get(locals[i]);
            Give(layout.Parts[i].Type, locals[i]);
        }
    }

    private void Load(Part part, int offset) => _code.Memory(LoadOf(part), part.Size, offset + part.Offset);

    private void Store(Part part, int offset) => _code.Memory(StoreOf(part.Type, part.Size), part.Size, offset + part.Offset);

    private static int LoadOf(Part part) => (part.Type, part.Size, part.Signed) switch
    {
        (WasmType.I32, 1, false) => 0x2d,
        (WasmType.I32, 1, true) => 0x2c,
        (WasmType.I32, 2, false) => 0x2f,
        (WasmType.I32, 2, true) => 0x2e,
        (WasmType.I32, _, _) => 0x28,
        (WasmType.I64, _, _) => 0x29,
        (WasmType.F32, _, _) => 0x2a,
        _ => 0x2b,
    };

    private static int StoreOf(WasmType type, int size) => (type, size) switch
    {
        (WasmType.I32, 1) => 0x3a,
        (WasmType.I32, 2) => 0x3b,
        (WasmType.I32, _) => Op.I32Store,
        (WasmType.I64, _) => Op.I64Store,
        (WasmType.F32, _) => 0x38,
        _ => 0x39,
    };
}

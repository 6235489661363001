using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Variables, and reading and writing at addresses.</summary>
internal sealed partial class MethodCompiler
{
    private void LoadVariable(Variable variable)
    {
        if (variable.Alias is { } alias)
        {
            Push(alias);
            return;
        }

        if (variable.InMemory)
        {
            foreach (var part in variable.Layout.Parts)
            {
                _code.Get(_framePointer);
                Load(part, variable.FrameOffset);
            }
        }

        foreach (var local in variable.Locals)
        {
            _code.Get(local);
        }

        Push(variable.Type);
    }

    private void StoreVariable(Variable variable)
    {
        if (variable.InMemory)
        {
            Push(AddressOf(variable));
            Swap();
            StoreTo(variable.Type);
            return;
        }

        Pop(variable.Type);
        for (var i = variable.Locals.Length - 1; i >= 0; i--)
        {
            _code.Set(variable.Locals[i]);
        }
    }

    // Addresses of the frame are nowhere yet: only the order of the notes changes.
    private void Swap() => (_stack[^1], _stack[^2]) = (_stack[^2], _stack[^1]);

    private static Operand AddressOf(Variable variable) => variable.InMemory
        ? new Operand(IlType.ReferenceTo(variable.Type), OperandPlace.LocalAddress) { Offset = variable.FrameOffset }
        : new Operand(IlType.ReferenceTo(variable.Type), OperandPlace.VariableAddress) { Variable = variable };

    /// <summary>Loads a value from an address that has been taken off the stack's top.</summary>
    private void LoadFrom(Operand address, IlType type)
    {
        var layout = Layouts.Of(type);
        if (address.Place == OperandPlace.VariableAddress)
        {
            if (address.First + layout.Parts.Length > address.Variable!.Locals.Length || !SameShape(address, layout))
            {
                Escape(address.Variable);
            }

            for (var i = 0; i < layout.Parts.Length; i++)
            {
                _code.Get(address.Variable.Locals[address.First + i]);
            }

            return;
        }

        if (address.Place == OperandPlace.Null)
        {
            throw new NotInSubset("PW0010", "null is read from");
        }

        var (from, offset, temporary) = Base(address, layout.Parts.Length);
        foreach (var part in layout.Parts)
        {
            if (from >= 0)
            {
                _code.Get(from);
            }

            Load(part, offset);
        }

        if (temporary)
        {
            Give(WasmType.I32, from);
        }
    }

    /// <summary>Whether the parts of a variable from there on are those of the layout: else it is read as something else.</summary>
    private static bool SameShape(Operand address, Layout layout)
    {
        var parts = address.Variable!.Layout.Parts;
        for (var i = 0; i < layout.Parts.Length; i++)
        {
            var (have, want) = (parts[address.First + i], layout.Parts[i]);
            if (have.Type != want.Type || have.Size != want.Size || have.Signed != want.Signed)
            {
                return false;
            }
        }

        return true;
    }

    private int BaseOf(Operand address) => address.Local < 0 ? _framePointer : address.Local;

    private (int Local, int Offset, bool Temporary) Base(Operand address, int uses)
    {
        if (address.Place == OperandPlace.LocalAddress)
        {
            return (BaseOf(address), address.Offset, false);
        }

        if (uses == 1)
        {
            // The address is on top of wasm's stack already.
            return (-1, address.Offset, false);
        }

        var local = Take(WasmType.I32);
        _code.Set(local);
        return (local, address.Offset, true);
    }

    /// <summary>Stores the top operand at the address below it.</summary>
    private void StoreTo(IlType type)
    {
        var layout = Layouts.Of(type);
        var address = _stack[^2];
        if (address.Place == OperandPlace.VariableAddress &&
            (address.First + layout.Parts.Length > address.Variable!.Locals.Length || !SameShape(address, layout)))
        {
            Escape(address.Variable);
        }

        Pop(type);
        Pop();
        if (address.Place == OperandPlace.VariableAddress)
        {
            for (var i = layout.Parts.Length - 1; i >= 0; i--)
            {
                _code.Set(address.Variable!.Locals[address.First + i]);
            }

            return;
        }

        if (address.IsOnStack && layout.Parts is [{ Heap: false } only])
        {
            Store(only, address.Offset);
            return;
        }

        var values = Spill(layout);
        var (to, offset, temporary) = Base(address, uses: 2);
        StoreParts(layout, values, to, offset, !address.IsInFrame);
        if (temporary)
        {
            Give(WasmType.I32, to);
        }
    }

    private void StoreParts(Layout layout, int[] values, int to, int offset, bool guarded)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (guarded && layout.Parts[i].Heap)
            {
                GuardStore(to, values[i]);
            }

            _code.Get(to).Get(values[i]);
            Store(layout.Parts[i], offset);
            Give(layout.Parts[i].Type, values[i]);
        }
    }

    /// <summary>An object must not be kept where it would be found after it is gone.</summary>
    private void GuardStore(int to, int value)
    {
        var guard = Sources.Runtime("Memory", "Outlives");
        Facts.Callees.Add(guard);
        _code.Get(to).Get(value).Call(program.FunctionIndex(guard), new Arity(2, 1));
        if (program.Contains)
        {
            FailIf(FaultKind.Kept);
        }
        else
        {
            _code.Op(Op.Drop);
        }
    }

    private void InitializeObject(IlType type)
    {
        var layout = Layouts.Of(type);
        var address = Pop();
        if (address.Place == OperandPlace.VariableAddress)
        {
            if (!SameShape(address, layout))
            {
                Escape(address.Variable!);
            }

            for (var i = 0; i < layout.Parts.Length; i++)
            {
                _code.Zero(layout.Parts[i].Type).Set(address.Variable!.Locals[address.First + i]);
            }
        }
        else if (address.Place == OperandPlace.LocalAddress)
        {
            _code.Get(BaseOf(address)).I32(address.Offset).Op(Op.I32Add).I32(0).I32(layout.Size).Prefixed(Op.MemoryFill);
        }
        else
        {
            if (address.Offset != 0)
            {
                _code.I32(address.Offset).Op(Op.I32Add);
            }

            _code.I32(0).I32(layout.Size).Prefixed(Op.MemoryFill);
        }
    }
}

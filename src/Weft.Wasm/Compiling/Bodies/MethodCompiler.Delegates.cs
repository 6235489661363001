using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>
/// A delegate is the number of a function in the module's table. So a lambda can have no state: what captures variables
/// is refused.
/// </summary>
internal sealed partial class MethodCompiler
{
    /// <summary>What a call through the table costs of the fuel: what it leads to is not known here.</summary>
    private const int CostOfInvocation = 16;

    private IlType? DelegateOf(MethodReference reference) =>
        OwnerOf(reference) is { Kind: IlKind.Delegate } type ? type : null;

    private void WriteFunctionToken(MethodReference reference)
    {
        var target = Sources.Calls.Resolve(reference, _frame.Method.Scope, _constrained);
        _constrained = null;
        Push(new Operand(IlType.NativeInt, OperandPlace.Token)
        {
            Token = (target as CallTarget.Guest)?.Method
                ?? throw new NotInSubset("PW0007", $"{reference.Name} becomes a delegate", "use a static lambda"),
        });
    }

    private void NewDelegate(IlType type)
    {
        var function = Pop().Method ?? throw new NotInSubset("PW0007", "a delegate of an unknown function", "use a static lambda");
        var target = Pop();
        var stateless = function.Definition.IsStatic ||
            (function.Owner.Kind == IlKind.Class && !function.Owner.Definition!.Fields.Any(f => !f.IsStatic));
        if (!stateless)
        {
            throw new NotInSubset("PW0007", $"the lambda in {method.Shown} captures a variable", "make it static and pass what it needs");
        }

        var (parameters, result) = Sources.DelegateSignature(type);
        if (function.Definition.Parameters.Count != parameters.Length || Sources.Layouts.Of(Sources.Result(function)).Parts.Length != Sources.Layouts.Of(result).Parts.Length)
        {
            throw new NotInSubset("PW0007", $"{function.Shown} is bound to its first argument", "use a static lambda");
        }

        Drop(target);
        Facts.CallsTable = true;
        _code.I32(program.TableSlot(function));
        Push(type, notNull: true);
    }

    private void Invoke(IlType type)
    {
        var (parameters, result) = Sources.DelegateSignature(type);
        Settle([type, .. parameters], []);
        var above = new Stack<(Layout Layout, int[] Locals)>();
        for (var i = parameters.Length - 1; i >= 0; i--)
        {
            var layout = Layouts.Of(parameters[i]);
            above.Push((layout, Spill(layout)));
            Pop();
        }

        Pop();
        var slot = Take(WasmType.I32);
        _code.Set(slot).Get(slot).Op(Op.I32Eqz);
        FailIf(FaultKind.Null);
        if (program.Contains)
        {
            _code.Op(Op.GlobalGet, Globals.Fuel).I32(CostOfInvocation).Op(Op.I32Sub).Op(Op.GlobalSet, Globals.Fuel);
        }

        // A function of the table has a first argument for the lambda's object, of which nothing is read.
        _code.I32(PluginProgram.FirstAddress);
        foreach (var (layout, locals) in above)
        {
            Unspill(layout, locals);
        }

        _code.Get(slot).CallIndirect(
            program.TypeIndex([IlType.NativeInt, .. parameters], result), ArityOf([type, .. parameters, IlType.NativeInt], result));
        Give(WasmType.I32, slot);
        (Facts.CallsTable, program.Module.CallsTable) = (true, true);
        AfterCall(mayFault: true);
        PushResult(result);
    }

    private int? ConstantSize() =>
        _previous is { Code: Code.Conv_U } && Sources.Body(method)[_previous.Index - 1] is { Code: Code.Ldc_I4, Operand: int and >= 0 and <= 4096 and var size }
            ? size
            : null;

    private bool IsSizeOfStackAllocation(Insn insn) => Next(insn)?.Code == Code.Localloc;

    /// <summary>The size of so many elements; more than memory can have is more than the stack has.</summary>
    private void WriteSizeOfStackAllocation()
    {
        Settle([IlType.NativeInt, IlType.NativeInt], []);
        DropNotes(2);
        var (count, product) = (Take(WasmType.I32), Take(WasmType.I64));
        _code.Set(count).Op(Op.I64ExtendI32U).Get(count).Op(Op.I64ExtendI32U).Op(Op.I32Mul + Op.ToI64).Set(product);
        _code.Get(product).I64(32).Op(Op.I32ShrU + Op.ToI64).Op(Op.I32WrapI64);
        FailIf(FaultKind.Stack);
        _code.Get(product).Op(Op.I32WrapI64);
        Give(WasmType.I32, count);
        Give(WasmType.I64, product);
        Push(IlType.NativeInt);
    }

    private void WriteBlockOfMemory(Code code)
    {
        Settle([IlType.NativeInt, code == Code.Cpblk ? IlType.NativeInt : IlType.Int, IlType.Int], []);
        DropNotes(3);
        _ = code == Code.Cpblk ? _code.Prefixed(Op.MemoryCopy) : _code.Prefixed(Op.MemoryFill);
    }

    private void WriteStackAllocation()
    {
        // The same size each time, once in a call: a place in the frame, which is zeros already.
        if (ConstantSize() is { } size && !_block.InLoop && _frame.Depth == 0)
        {
            Drop(Pop());
            var place = AllocateFrame(size, 8);
            if (_frame.Method.Definition.Body.InitLocals)
            {
                ZeroFrame(place, size);
            }

            Push(new Operand(IlType.NativeInt, OperandPlace.LocalAddress) { Offset = place });
            return;
        }

        PopNumber();
        var (bytes, top) = (Take(WasmType.I32), Take(WasmType.I32));
        _code.Set(bytes);
        if (program.Contains)
        {
            // More than there is left, or below the bottom: both show as unsigned numbers.
            _code.Get(bytes).Op(Op.GlobalGet, Globals.StackPointer).I32(program.StackLimit).Op(Op.I32Sub).Op(Op.I32GeU);
            FailIf(FaultKind.Stack);
            _code.Op(Op.GlobalGet, Globals.Fuel).Get(bytes).I32(6).Op(Op.I32ShrU).Op(Op.I32Sub).Op(Op.GlobalSet, Globals.Fuel);
        }

        _code.Op(Op.GlobalGet, Globals.StackPointer).Get(bytes).Op(Op.I32Sub).I32(-16).Op(Op.I32And).Set(top);
        _code.Get(top).Op(Op.GlobalSet, Globals.StackPointer);
        _code.Get(top).I32(0).Get(bytes).Prefixed(Op.MemoryFill);
        _code.Get(top);
        Give(WasmType.I32, bytes);
        Give(WasmType.I32, top);
        Push(IlType.NativeInt);
    }
}

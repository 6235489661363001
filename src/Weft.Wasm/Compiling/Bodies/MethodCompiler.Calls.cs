using System.Collections.Immutable;
using Mono.Cecil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Calls: of guests, inlined or not, of the proxy, of delegates; and new objects.</summary>
internal sealed partial class MethodCompiler
{
    private void WriteCall(MethodReference reference, bool isVirtual)
    {
        var constrained = _constrained;
        _constrained = null;
        if (constrained is null && reference.Name == "Invoke" && DelegateOf(reference) is { } type)
        {
            Invoke(type);
            return;
        }

        var target = Sources.Calls.Resolve(reference, _frame.Method.Scope, constrained);
        if (constrained is { IsHeap: true } && target is CallTarget.Guest { Method: { Definition.HasThis: true } member })
        {
            // What lies there is the address of the variable that refers to the object.
            var types = Sources.Parameters(member);
            Settle(types.AsSpan(), [true, .. types.Skip(1).Select(_ => false)]);
        }

        if (isVirtual && target is CallTarget.Guest { OnDefault: false, Method: { Definition: { IsVirtual: true, IsFinal: false } } called } &&
            called.Owner.Kind == IlKind.Class && !called.Owner.Definition!.IsSealed)
        {
            throw new NotInSubset("PW0007", $"{called.Shown} is virtual", "seal the class or the method");
        }

        CallOf(target);
    }

    private void CallOf(CallTarget target)
    {
        switch (target)
        {
            case CallTarget.Guest guest:
                CallGuest(guest.Method, guest.OnDefault);
                break;
            case CallTarget.Import import:
                CallImport(import);
                break;
            case CallTarget.Intrinsic intrinsic:
                WriteIntrinsic(intrinsic);
                break;
            case CallTarget.Framework framework:
                WriteFramework(framework);
                break;
        }
    }

    private void CallRuntime(string type, string name) => CallGuest(Sources.Runtime(type, name));

    private void CallGuest(MethodInstance callee, bool onDefault = false)
    {
        if (callee.Definition.DeclaringType is { } declaring && callee.Definition.Name == ".ctor" && declaring.BaseType is { } && callee.Owner.Kind == IlKind.Exception)
        {
            DropArguments(callee.Definition.Parameters.Count + 1);
            return;
        }

        if (!onDefault && _frame.Depth < DeepestInlining && (_frame.Depth == 0 || Facts.Cost < MostGrown) && program.Inline(callee, _frame.Method) is { } body)
        {
            WriteInline(callee, body);
            return;
        }

        var types = Sources.Parameters(callee);
        PrepareArguments(callee, types);
        _code.Call(program.FunctionIndex(callee), ArityOf(types, Sources.Result(callee)));
        Facts.Callees.Add(callee);
        AfterCall(program.MayFault(callee));
        PushResult(Sources.Result(callee));
    }

    private void PrepareArguments(MethodInstance callee, ImmutableArray<IlType> types)
    {
        var byValue = new bool[types.Length];
        if (callee.Definition.HasThis && types.Length > 0 && types[0] == callee.Owner && !types[0].IsHeap)
        {
            byValue[0] = true;
        }

        Settle(types.AsSpan(), byValue);
        if (callee.Definition.HasThis && callee.Owner.IsHeap && !_stack[^types.Length].NotNull)
        {
            CheckCalled(types);
        }

        _stack.RemoveRange(_stack.Count - types.Length, types.Length);
    }

    /// <summary>The object whose method is called must be there, though the arguments lie above it.</summary>
    private void CheckCalled(ImmutableArray<IlType> types)
    {
        var above = types.Skip(1).Reverse().Select(t => (Layout: Layouts.Of(t), Locals: Spill(Layouts.Of(t)))).Reverse().ToList();
        var self = Take(WasmType.I32);
        _code.Set(self).Get(self).Op(Op.I32Eqz);
        FailIf(FaultKind.Null);
        _code.Get(self);
        Give(WasmType.I32, self);
        above.ForEach(a => Unspill(a.Layout, a.Locals));
    }

    private Arity ArityOf(ImmutableArray<IlType> parameters, IlType result) =>
        new(parameters.Sum(p => Layouts.Of(p).Parts.Length), Layouts.Of(result).Parts.Length);

    private void DropArguments(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Drop(Pop());
        }
    }

    private void PushResult(IlType result)
    {
        if (result.Kind != IlKind.Void)
        {
            Push(result);
        }
    }

    private void CallImport(CallTarget.Import import)
    {
        var types = Sources.Parameters(import.Method);
        PrepareArguments(import.Method, types);
        _code.Call(program.ImportIndex(import), ArityOf(types, Sources.Result(import.Method)));
        PushResult(Sources.Result(import.Method));
    }

    private void ReturnValue()
    {
        var result = Sources.Result(_frame.Method);
        if (result.Kind != IlKind.Void)
        {
            Pop(result);
        }
    }

    private void WriteNew(MethodReference reference)
    {
        var owner = OwnerOf(reference);
        switch (owner?.Kind)
        {
            case IlKind.Exception:
                DropArguments(reference.Parameters.Count);
                Push(owner);
                return;
            case IlKind.Delegate:
                NewDelegate(owner);
                return;
        }

        switch (Sources.Calls.Resolve(reference, _frame.Method.Scope, null))
        {
            case CallTarget.Framework framework:
                WriteFramework(framework, isNew: true);
                break;
            case CallTarget.Guest { Method: { } constructor } when owner!.Kind == IlKind.Class:
                NewObject(constructor);
                break;
            case CallTarget.Guest { Method: { } constructor }:
                NewStruct(constructor);
                break;
        }
    }

    private IlType? OwnerOf(MethodReference reference) => Sources.Types.TryRead(reference.DeclaringType, _frame.Method.Scope);

    private void NewObject(MethodInstance constructor)
    {
        var types = Sources.Parameters(constructor);
        var arguments = types.AsSpan()[1..];
        Settle(arguments, []);
        var values = new List<(Operand Operand, int[] Locals)>();
        for (var i = arguments.Length - 1; i >= 0; i--)
        {
            var operand = Pop();
            values.Insert(0, (operand, Spill(Layouts.Of(operand.Type))));
        }

        _code.I32(Layouts.OfObject(constructor.Owner).Size);
        Push(IlType.Int);
        CallRuntime("Memory", "NewObject");
        Allocated(constructor.Owner);
        Duplicate();
        foreach (var (operand, locals) in values)
        {
            Unspill(Layouts.Of(operand.Type), locals);
            Push(operand);
        }

        CallGuest(constructor);
    }

    /// <summary>A new struct is made in a variable of its own, and then its value is what is on the stack.</summary>
    private void NewStruct(MethodInstance constructor)
    {
        var variable = NewVariable($"{_frame.Path}n{_insn.Index}", constructor.Owner);
        if (!variable.InMemory)
        {
            for (var i = 0; i < variable.Locals.Length; i++)
            {
                _code.Zero(variable.Layout.Parts[i].Type).Set(variable.Locals[i]);
            }
        }

        _stack.Insert(_stack.Count - constructor.Definition.Parameters.Count, AddressOf(variable));
        CallGuest(constructor);
        LoadVariable(variable);
        Release(variable);
    }

    private void Release(Variable variable)
    {
        if (variable.Held >= 0)
        {
            Give(WasmType.I32, variable.Held);
        }

        for (var i = 0; i < variable.Locals.Length; i++)
        {
            Give(variable.Layout.Parts[i].Type, variable.Locals[i]);
        }
    }
}

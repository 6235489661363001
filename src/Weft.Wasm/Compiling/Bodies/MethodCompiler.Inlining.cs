using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>
/// Small methods without branches are written where they are called. The address of a variable is passed as what it is, so
/// that a struct whose methods are all small never needs memory.
/// </summary>
internal sealed partial class MethodCompiler
{
    private const int DeepestInlining = 6;

    /// <summary>A method that has become so large takes in no more calls within calls.</summary>
    private const int MostGrown = 6000;

    private void WriteInline(MethodInstance callee, IReadOnlyList<Insn> body)
    {
        var types = Sources.Parameters(callee);
        var path = $"{_frame.Path}{_insn.Index}/";
        var (outer, outerInsn, outerPrevious, outerPlace) = (_frame, _insn, _previous, _place);
        var hasPlace = !PluginSources.IsSdk(callee);
        var arguments = TakeArguments(types, callee, path);
        _frame = new Inlining(callee, path, arguments, [], outer.Depth + 1);
        _frame = _frame with { Locals = ReadLocals(callee, path) };
        ZeroLocals(body);
        var depth = _stack.Count;
        foreach (var insn in body)
        {
            (_previous, _insn) = (insn == body[0] ? null : _insn, insn);
            _place = hasPlace ? (callee, insn) : _place;
            if (insn.Code == Code.Ret)
            {
                break;
            }

            Write(insn);
        }

        var result = Sources.Result(callee);
        if (result.Kind != IlKind.Void)
        {
            Pop(result);
        }

        if (_stack.Count != depth)
        {
            throw new NotInSubset("PW0010", $"{callee.Shown} leaves operands behind");
        }

        foreach (var variable in _frame.Arguments.Concat(_frame.Locals))
        {
            Release(variable);
        }

        (_frame, _insn, _previous, _place) = (outer, outerInsn, outerPrevious, outerPlace);
        PushResult(result);
    }

    private List<Variable> TakeArguments(System.Collections.Immutable.ImmutableArray<IlType> types, MethodInstance callee, string path)
    {
        var variables = new List<Variable>();
        for (var i = types.Length - 1; i >= 0; i--)
        {
            // Inlined, a struct's method sees the struct itself, also where it could have had a copy.
            var byValue = i == 0 && callee.Definition.HasThis && types[0] == callee.Owner && !types[0].IsHeap;
            var type = byValue ? IlType.ReferenceTo(types[0]) : types[i];
            var top = _stack[^1];
            if (top.Place is OperandPlace.VariableAddress or OperandPlace.LocalAddress && type.Kind == IlKind.Address)
            {
                variables.Add(new Variable($"{path}a{i}", top.Type, Layouts.Of(top.Type)) { Alias = Pop() });
                continue;
            }

            if (top is { Place: OperandPlace.Stack, Type.Kind: IlKind.Address } && type.Kind == IlKind.Address)
            {
                // The sum need not be made: each use adds for itself.
                Pop();
                var local = Take(WasmType.I32);
                _code.Set(local);
                var held = top with { Place = OperandPlace.LocalAddress, Local = local };
                variables.Add(new Variable($"{path}a{i}", top.Type, Layouts.Of(top.Type)) { Alias = held, Held = local });
                continue;
            }

            var variable = NewVariable($"{path}a{i}", type);
            if (byValue && IsWholeValue(top, types[0]))
            {
                throw new NotInSubset("PW0010", "a struct is called without an address");
            }

            StoreVariable(variable);
            if (callee.Definition.HasThis && i == 0 && type.IsHeap && !top.NotNull)
            {
                LoadVariable(variable);
                _code.Op(Op.I32Eqz);
                Pop();
                FailIf(FaultKind.Null);
            }

            variables.Add(variable);
        }

        variables.Reverse();
        return variables;
    }

    // A method's variables are 0 at its start; where it is inlined, what ran before may have left something.
    private void ZeroLocals(IReadOnlyList<Insn> body)
    {
        for (var i = 0; i < _frame.Locals.Count; i++)
        {
            var first = body.FirstOrDefault(b => b.Code is Code.Ldloc or Code.Ldloca or Code.Stloc && (int)b.Operand! == i);
            if (first is null || first.Code == Code.Stloc)
            {
                continue;
            }

            var variable = _frame.Locals[i];
            if (variable.InMemory)
            {
                ZeroFrame(variable.FrameOffset, variable.Layout.Size);
            }

            for (var part = 0; part < variable.Locals.Length; part++)
            {
                _code.Zero(variable.Layout.Parts[part].Type).Set(variable.Locals[part]);
            }
        }
    }
}

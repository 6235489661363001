using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Bodies;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Methods;

/// <summary>
/// Whether a method, or one that it calls, may change a variable of a type while it runs. A readonly method of a struct
/// does not change the struct by <c>this</c>, but the same variable may be a static field, or passed by reference, too.
/// </summary>
/// <remarks>Told by types alone: a variable is changed by what writes the like of it, of a part of it, or of what holds it.</remarks>
internal sealed class Changes(PluginSources sources)
{
    private readonly Dictionary<MethodInstance, Summary> _known = [];

    public bool MayChange(MethodInstance method, IlType type)
    {
        var seen = new HashSet<MethodInstance> { method };
        var open = new Stack<MethodInstance>(seen);
        try
        {
            while (open.TryPop(out var next))
            {
                var summary = SummaryOf(next);
                if (summary.IsUnknown || summary.Writes.Any(w => Touches(w, type)))
                {
                    return true;
                }

                foreach (var callee in summary.Callees.Where(seen.Add))
                {
                    open.Push(callee);
                }
            }

            return false;
        }
        catch (NotInSubset)
        {
            // Refused where it is compiled, with its place.
            return true;
        }
    }

    private bool Touches(IlType written, IlType type) => Holds(type, written) || Holds(written, type);

    private bool Holds(IlType outer, IlType inner) =>
        outer == inner || (IsNumber(inner) && IsNumber(outer) && sources.Layouts.Of(inner).Size == sources.Layouts.Of(outer).Size) ||
        (outer.Kind is IlKind.Struct or IlKind.Nullable && sources.Layouts.Of(outer).Fields.Values.Any(f => Holds(f.Type, inner)));

    // References of any type may write an enum, or bytes of what they were made of.
    private static bool IsNumber(IlType type) => type.Kind is (>= IlKind.Bool and <= IlKind.Address) or IlKind.Delegate or IlKind.Class or IlKind.Array;

    private Summary SummaryOf(MethodInstance method)
    {
        if (!_known.TryGetValue(method, out var summary))
        {
            _known[method] = summary = new Summary();
            Read(method, summary);
        }

        return summary;
    }

    private void Read(MethodInstance method, Summary into)
    {
        if (!method.Definition.HasBody)
        {
            return;
        }

        IlType? constrained = null;
        Insn? previous = null;
        foreach (var insn in sources.Body(method))
        {
            switch (insn.Code)
            {
                case Code.Constrained:
                    constrained = Type(insn.Operand, method);
                    break;
                case Code.Call or Code.Callvirt or Code.Newobj:
                    ReadCall((MethodReference)insn.Operand!, method, constrained, into);
                    constrained = null;
                    break;
                case Code.Stfld when insn.Operand is FieldReference field:
                    ReadField(field, method, into);
                    break;
                case Code.Stsfld when insn.Operand is FieldReference field:
                    into.Writes.Add(Type(field.FieldType, method));
                    break;
                case Code.Initobj when previous is { Code: Code.Ldloca }:
                    break;
                case Code.Stobj or Code.Cpobj or Code.Initobj or Code.Stelem_Any:
                    into.Writes.Add(Type(insn.Operand, method));
                    break;
                case Code.Stind_I1 or Code.Stelem_I1:
                    into.Writes.Add(IlType.Byte);
                    break;
                case Code.Stind_I2 or Code.Stelem_I2:
                    into.Writes.Add(IlType.Short);
                    break;
                case Code.Stind_I4 or Code.Stind_I or Code.Stind_Ref or Code.Stind_R4 or Code.Stelem_I4 or Code.Stelem_I or Code.Stelem_Ref or Code.Stelem_R4:
                    into.Writes.Add(IlType.Int);
                    break;
                case Code.Stind_I8 or Code.Stind_R8 or Code.Stelem_I8 or Code.Stelem_R8:
                    into.Writes.Add(IlType.Long);
                    break;
                case Code.Initblk or Code.Cpblk or Code.Calli:
                    into.IsUnknown = true;
                    break;
            }

            previous = insn;
        }
    }

    private void ReadField(FieldReference field, MethodInstance method, Summary into)
    {
        var owner = Type(field.DeclaringType, method);
        if (owner != method.Owner || !OnlyMakes(method))
        {
            into.Writes.Add(owner.IsHeap ? sources.Types.Read(field.FieldType, new GenericScope(owner.Arguments, [])) : owner);
        }
    }

    // A constructor writes what is not there yet, unless it has another way to a struct than `this`.
    private bool OnlyMakes(MethodInstance method) =>
        method.Definition.IsConstructor &&
        !sources.Body(method).Exists(i => i.Code is Code.Ldflda or Code.Ldsflda or Code.Ldelema or Code.Ldind_I or Code.Conv_U or Code.Conv_I ||
            i.Operand is FieldReference { FieldType.IsPointer: true } or MethodReference { ReturnType: { IsByReference: true } or { IsPointer: true } }) &&
        method.Definition.Parameters.All(p => !p.ParameterType.IsByReference && !p.ParameterType.IsPointer);

    private void ReadCall(MethodReference reference, MethodInstance method, IlType? constrained, Summary into)
    {
        if (sources.Types.TryRead(reference.DeclaringType, method.Scope) is { Kind: IlKind.Delegate or IlKind.Exception } type)
        {
            into.IsUnknown |= type.Kind == IlKind.Delegate && reference.Name == "Invoke";
            return;
        }

        switch (sources.Calls.Resolve(reference, method.Scope, constrained))
        {
            case CallTarget.Guest { Method: var callee } when PluginSources.IsTrusted(callee):
                // What it writes lies in memory that is nobody's yet, or where it is told.
                into.Writes.UnionWith(Targets(callee.Definition, sources.Calls.Parameters(callee)));
                break;
            case CallTarget.Guest { Method: var callee }:
                into.Callees.Add(callee);
                break;
            case CallTarget.Framework call:
                into.Writes.UnionWith(Targets(reference, call.Parameters));
                if (call is { Owner: { Kind: IlKind.Span } span, Name: "Fill" or "Clear" })
                {
                    into.Writes.Add(span.Element);
                }

                break;
        }
    }

    private static IEnumerable<IlType> Targets(MethodReference method, ImmutableArray<IlType> types) =>
        types.Where((_, i) => method.Parameters[i].ParameterType is { IsByReference: true } or { Name: "Span`1" }).Select(t => t.Element);

    private IlType Type(object? reference, MethodInstance method) => sources.Types.Read((TypeReference)reference!, method.Scope);

    private sealed class Summary
    {
        public HashSet<IlType> Writes { get; } = [];

        public HashSet<MethodInstance> Callees { get; } = [];

        public bool IsUnknown { get; set; }
    }
}

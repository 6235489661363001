using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Fields of structs, of objects, and static ones.</summary>
internal sealed partial class MethodCompiler
{
    private void WriteField(Code code, FieldReference reference)
    {
        var owner = Sources.Types.Read(reference.DeclaringType, _frame.Method.Scope);
        var layout = owner.Kind == IlKind.Class ? Layouts.OfObject(owner) : Layouts.Of(owner);
        var field = layout.Fields.TryGetValue(reference.Name, out var place)
            ? place
            : throw new NotInSubset("PW0004", $"the field {reference.FullName} is not in the subset");
        if (code == Code.Stfld)
        {
            var value = Pop();
            FieldAddress(field, owner, under: value);
            Push(value);
            StoreTo(field.Type);
            return;
        }

        if (code == Code.Ldfld && IsWholeValue(_stack[^1], owner))
        {
            TakePart(field, layout);
            return;
        }

        FieldAddress(field, owner, under: null);
        if (code == Code.Ldfld)
        {
            LoadFrom(Pop(), field.Type);
            Push(field.Type);
        }
        else if (_stack[^1] is { Place: OperandPlace.LocalAddress or OperandPlace.Stack } address && !IsUsedNext())
        {
            // What comes before its use would stand between the address and what is still to be added to it.
            Pop(address.Type);
            Push(address.Type);
        }
    }

    /// <summary>Whether the next instruction takes the operand that is now on top, and no other.</summary>
    private bool IsUsedNext() => Next(_insn) is { } next && next.Code switch
    {
        Code.Ldfld or Code.Ldflda or Code.Ldobj or Code.Initobj or (>= Code.Ldind_I1 and <= Code.Ldind_Ref) => true,
        Code.Call or Code.Callvirt => next.Operand is MethodReference { HasThis: true, Parameters.Count: 0 },
        _ => false,
    };

    private static bool IsWholeValue(Operand operand, IlType owner) =>
        operand.IsOnStack && operand.Type == owner && owner.Kind != IlKind.Class;

    private void TakePart(FieldPlace field, Layout layout)
    {
        Pop();
        var locals = Spill(layout);
        for (var i = 0; i < field.Layout.Parts.Length; i++)
        {
            _code.Get(locals[field.First + i]);
        }

        for (var i = 0; i < locals.Length; i++)
        {
            Give(layout.Parts[i].Type, locals[i]);
        }

        Push(field.Type);
    }

    /// <summary>The operand below <paramref name="under"/>, a reference to a struct or object, becomes one to its field.</summary>
    private void FieldAddress(FieldPlace field, IlType owner, Operand? under)
    {
        var address = Pop();
        if (owner.Kind == IlKind.Class)
        {
            address = CheckedObject(address, under);
        }

        var type = IlType.ReferenceTo(field.Type);
        Push(address.Place switch
        {
            OperandPlace.VariableAddress => address with { Type = type, First = address.First + field.First },
            OperandPlace.Null => throw new NotInSubset("PW0010", "a field of null is used"),
            _ => address with { Type = type, Offset = address.Offset + field.Offset, NotNull = false },
        });
    }

    private Operand CheckedObject(Operand reference, Operand? under)
    {
        if (reference.NotNull)
        {
            return reference;
        }

        var above = under is { IsOnStack: true } ? Spill(Layouts.Of(under.Type)) : [];
        if (reference.Place == OperandPlace.Null)
        {
            _code.I32(0);
            reference = new Operand(reference.Type);
        }

        var local = Take(WasmType.I32);
        _code.Set(local).Get(local).Op(Op.I32Eqz);
        FailIf(FaultKind.Null);
        _code.Get(local);
        Give(WasmType.I32, local);
        if (under is { IsOnStack: true })
        {
            Unspill(Layouts.Of(under.Type), above);
        }

        return reference;
    }

    private void WriteStatic(Code code, FieldReference reference)
    {
        var field = Sources.Assemblies.Resolve(reference) ?? throw CallResolver.NotKnown(reference.FullName);
        if (field.InitialValue is { Length: > 0 } bytes && code == Code.Ldsflda)
        {
            _code.I32(program.Literal(bytes));
            Push(IlType.NativeInt);
            return;
        }

        var owner = Sources.Types.Read(reference.DeclaringType, _frame.Method.Scope);
        var type = Sources.Types.Read(field.FieldType, new GenericScope(owner.Arguments, []));
        if (IsLambdaHolder(field, type))
        {
            _code.I32(PluginProgram.FirstAddress);
            Push(type, notNull: true);
            return;
        }

        var address = program.StaticAddress(field, owner, type, Facts);
        switch (code)
        {
            case Code.Ldsflda:
                _code.I32(address);
                Push(IlType.ReferenceTo(type));
                break;
            case Code.Ldsfld:
                foreach (var part in Layouts.Of(type).Parts)
                {
                    _code.I32(0);
                    Load(part, address);
                }

                Push(type);
                break;
            default:
                StoreStatic(type, address);
                break;
        }
    }

    private void StoreStatic(IlType type, int address)
    {
        Pop(type);
        var layout = Layouts.Of(type);
        var values = Spill(layout);
        var to = Take(WasmType.I32);
        _code.I32(address).Set(to);
        StoreParts(layout, values, to, 0, guarded: true);
        Give(WasmType.I32, to);
    }

    // The class that the C# compiler puts lambdas in: it has no state, one object of it serves all.
    private static bool IsLambdaHolder(FieldDefinition field, IlType type) =>
        field.Name == "<>9" && type.Definition == field.DeclaringType && !field.DeclaringType.Fields.Any(f => !f.IsStatic);
}

using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>One instruction of IL after the other.</summary>
internal sealed partial class MethodCompiler
{
    private IlType? _constrained;

    private void Write(Insn insn)
    {
        Facts.Cost++;
        if (WriteVariable(insn) || WriteConstant(insn) || WriteNumber(insn.Code) || WriteIndirect(insn) || WriteArray(insn))
        {
            return;
        }

        switch (insn.Code)
        {
            case Code.Nop or Code.Break or Code.Readonly or Code.Volatile or Code.Unaligned or Code.Tail:
                break;
            case Code.Constrained:
                _constrained = TypeOf(insn.Operand!);
                break;
            case Code.Call or Code.Callvirt:
                WriteCall((MethodReference)insn.Operand!, insn.Code == Code.Callvirt);
                break;
            case Code.Newobj:
                WriteNew((MethodReference)insn.Operand!);
                break;
            case Code.Ldftn:
                WriteFunctionToken((MethodReference)insn.Operand!);
                break;
            case Code.Dup:
                Duplicate();
                break;
            case Code.Pop:
                Drop(Pop());
                break;
            case Code.Ldfld or Code.Ldflda or Code.Stfld:
                WriteField(insn.Code, (FieldReference)insn.Operand!);
                break;
            case Code.Ldsfld or Code.Ldsflda or Code.Stsfld:
                WriteStatic(insn.Code, (FieldReference)insn.Operand!);
                break;
            case Code.Sizeof:
                _code.I32(Layouts.Of(TypeOf(insn.Operand!)).Size);
                Push(IlType.Int);
                break;
            case Code.Initobj:
                InitializeObject(TypeOf(insn.Operand!));
                break;
            case Code.Localloc:
                WriteStackAllocation();
                break;
            case Code.Mul_Ovf_Un when IsSizeOfStackAllocation(insn):
                WriteSizeOfStackAllocation();
                break;
            case Code.Cpblk or Code.Initblk:
                WriteBlockOfMemory(insn.Code);
                break;
            case Code.Ldtoken:
                Push(new Operand(IlType.NativeInt, OperandPlace.Token) { Token = insn.Operand });
                break;
            default:
                throw Refused(insn);
        }
    }

    private static NotInSubset Refused(Insn insn) => insn.Code switch
    {
        Code.Box => new NotInSubset("PW0001", "a value is boxed", "keep its type: make the method generic, or overload it"),
        Code.Unbox or Code.Unbox_Any or Code.Castclass or Code.Isinst =>
            new NotInSubset("PW0001", "a type is tested or cast at run time", "use a field that says which it is"),
        Code.Ldvirtftn => new NotInSubset("PW0007", "a virtual method becomes a delegate", "use a static lambda"),
        Code.Calli => new NotInSubset("PW0007", "a function pointer is called", "use a static lambda"),
        >= Code.Add_Ovf and <= Code.Sub_Ovf_Un or >= Code.Conv_Ovf_I1_Un and <= Code.Conv_Ovf_U_Un or (>= Code.Conv_Ovf_I1 and <= Code.Conv_Ovf_U8)
            or Code.Conv_Ovf_I or Code.Conv_Ovf_U =>
            new NotInSubset("PW0011", "checked arithmetic is not in the subset", "compare before you compute"),
        _ => new NotInSubset("PW0009", $"the instruction {insn.Code} is not in the subset", "write it in another way"),
    };

    private IlType TypeOf(object operand) => Sources.Types.Read((TypeReference)operand, _frame.Method.Scope);

    private bool WriteVariable(Insn insn)
    {
        switch (insn.Code)
        {
            case Code.Ldarg:
                LoadArgument((int)insn.Operand!);
                return true;
            case Code.Starg:
                StoreVariable(_frame.Arguments[(int)insn.Operand!]);
                return true;
            case Code.Ldarga:
                Push(AddressOf(_frame.Arguments[(int)insn.Operand!]));
                return true;
            case Code.Ldloc:
                LoadVariable(_frame.Locals[(int)insn.Operand!]);
                return true;
            case Code.Stloc:
                StoreVariable(_frame.Locals[(int)insn.Operand!]);
                return true;
            case Code.Ldloca:
                Push(AddressOf(_frame.Locals[(int)insn.Operand!]));
                return true;
            default:
                return false;
        }
    }

    // A struct's method that changes nothing has the struct itself as its argument, and its address where IL wants one.
    private void LoadArgument(int index)
    {
        var argument = _frame.Arguments[index];
        var isThis = index == 0 && _frame.Method.Definition.HasThis;
        if (isThis && argument.Alias is null && argument.Type == _frame.Method.Owner && !argument.Type.IsHeap)
        {
            Push(AddressOf(argument));
            return;
        }

        if (argument is { Alias: null, InMemory: false, Type: { Kind: IlKind.Address } type } && IsUsedNext() && !IsStored(index))
        {
            Push(new Operand(type, OperandPlace.LocalAddress) { Local = argument.Locals[0] });
            return;
        }

        LoadVariable(argument);
        if (isThis && argument.Type.IsHeap)
        {
            _stack[^1] = _stack[^1] with { NotNull = true };
        }
    }

    private bool IsStored(int argument) =>
        Sources.Body(_frame.Method).Exists(i => i.Code is Code.Starg or Code.Ldarga && (int)i.Operand! == argument);

    private bool WriteConstant(Insn insn)
    {
        switch (insn.Code)
        {
            case Code.Ldc_I4:
                _code.I32((int)insn.Operand!);
                Push(IlType.Int);
                return true;
            case Code.Ldc_I8:
                _code.I64((long)insn.Operand!);
                Push(IlType.Long);
                return true;
            case Code.Ldc_R4:
                _code.F32((float)insn.Operand!);
                Push(IlType.Float);
                return true;
            case Code.Ldc_R8:
                _code.F64((double)insn.Operand!);
                Push(IlType.Double);
                return true;
            case Code.Ldnull:
                Push(new Operand(IlType.Null, OperandPlace.Null));
                return true;
            case Code.Ldstr:
                WriteText((string)insn.Operand!);
                return true;
            default:
                return false;
        }
    }

    private void WriteText(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        _code.I32(program.Literal(bytes)).I32(bytes.Length);
        Push(IlType.Text);
    }

    private void Duplicate()
    {
        var top = Pop();
        if (!top.IsOnStack)
        {
            Push(top);
            Push(top);
            return;
        }

        var layout = Layouts.Of(top.Type);
        var locals = Spill(layout);
        Array.ForEach(locals, l => _code.Get(l));
        Unspill(layout, locals);
        Push(top);
        Push(top);
    }

    private bool WriteIndirect(Insn insn)
    {
        var type = insn.Code switch
        {
            Code.Ldind_I1 or Code.Stind_I1 => IlType.SByte,
            Code.Ldind_U1 => IlType.Byte,
            Code.Ldind_I2 or Code.Stind_I2 => IlType.Short,
            Code.Ldind_U2 => IlType.UShort,
            Code.Ldind_I4 or Code.Stind_I4 => IlType.Int,
            Code.Ldind_U4 => IlType.UInt,
            Code.Ldind_I8 or Code.Stind_I8 => IlType.Long,
            Code.Ldind_R4 or Code.Stind_R4 => IlType.Float,
            Code.Ldind_R8 or Code.Stind_R8 => IlType.Double,
            Code.Ldind_I or Code.Stind_I => IlType.NativeInt,
            Code.Ldind_Ref => Pointed(_stack[^1]),
            Code.Stind_Ref => Pointed(_stack[^2]),
            Code.Ldobj or Code.Stobj => TypeOf(insn.Operand!),
            _ => null,
        };
        if (type is null)
        {
            return false;
        }

        if (insn.Code is Code.Stobj or (>= Code.Stind_Ref and <= Code.Stind_R8) or Code.Stind_I)
        {
            StoreTo(Same(type, _stack[^2]));
        }
        else
        {
            LoadFrom(Pop(), type);
            Push(type);
        }

        return true;
    }

    // stind.i1 says nothing of the sign: the variable's own type does.
    private static IlType Same(IlType type, Operand address) =>
        address.Type.IsReference && (address.Type.Element.Kind, type.Kind) is
            (IlKind.U1 or IlKind.Bool, IlKind.I1) or (IlKind.U2, IlKind.I2)
            ? address.Type.Element
            : type;

    private static IlType Pointed(Operand address) =>
        address.Type.Kind == IlKind.Address && !address.Type.Arguments.IsEmpty ? address.Type.Element : IlType.Object;
}

using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>
/// Arrays: the length, then the elements. Address 0 has a length of 0, so that an index into no array is out of range.
/// </summary>
internal sealed partial class MethodCompiler
{
    private static int FirstElement(Layout element) => Math.Max(4, element.Align);

    private bool WriteArray(Insn insn)
    {
        switch (insn.Code)
        {
            case Code.Newarr:
                WriteNewArray(TypeOf(insn.Operand!));
                return true;
            case Code.Ldlen:
                CheckedObject(PopNumber(), under: null);
                _code.Memory(Op.I32Load, 4, 0);
                Push(IlType.Int);
                return true;
            case Code.Ldelema:
                ElementAddress(TypeOf(insn.Operand!));
                return true;
        }

        if (insn.Code is >= Code.Ldelem_I1 and <= Code.Ldelem_Ref or Code.Ldelem_Any)
        {
            var array = _stack[^2];
            var type = array.Type.Kind == IlKind.Array ? array.Type.Element
                : array.Place == OperandPlace.Null ? ElementOf(insn)
                : throw new NotInSubset("PW0010", "no array is indexed");
            ElementAddress(type);
            LoadFrom(Pop(), type);
            Push(type);
            return true;
        }

        if (insn.Code is (>= Code.Stelem_I and <= Code.Stelem_Ref) or Code.Stelem_Any)
        {
            StoreElement();
            return true;
        }

        return false;
    }

    // An array that is always null has no element: what it would be is in the instruction.
    private IlType ElementOf(Insn insn) => insn.Code switch
    {
        Code.Ldelem_Any => TypeOf(insn.Operand!),
        Code.Ldelem_I8 => IlType.Long,
        Code.Ldelem_R4 => IlType.Float,
        Code.Ldelem_R8 => IlType.Double,
        Code.Ldelem_Ref => IlType.Object,
        _ => IlType.Int,
    };

    private void StoreElement()
    {
        var array = _stack[^3].Type;
        var type = array.Kind == IlKind.Array ? array.Element : throw new NotInSubset("PW0010", "no array is indexed");
        var layout = Layouts.Of(type);
        Pop(type);
        var values = Spill(layout);
        ElementAddress(type);
        Pop();
        var to = Take(WasmType.I32);
        _code.Set(to);
        StoreParts(layout, values, to, FirstElement(layout), guarded: true);
        Give(WasmType.I32, to);
    }

    /// <summary>Array and index become the address of the element, without the offset of the first.</summary>
    private void ElementAddress(IlType type)
    {
        var layout = Layouts.Of(type);
        Settle([_stack[^2].Place == OperandPlace.Null ? IlType.ArrayOf(type) : _stack[^2].Type, IlType.Int], []);
        Pop();
        Pop();
        var (array, index) = (Take(WasmType.I32), Take(WasmType.I32));
        _code.Set(index).Set(array).Get(index).Get(array).Memory(Op.I32Load, 4, 0).Op(Op.I32GeU);
        FailIf(FaultKind.Index);
        _code.Get(array).Get(index);
        Scale(layout.Size);
        _code.Op(Op.I32Add);
        Give(WasmType.I32, array);
        Give(WasmType.I32, index);
        Push(new Operand(IlType.ReferenceTo(type)) { Offset = FirstElement(layout) });
    }

    private void Scale(int size)
    {
        if (size != 1)
        {
            _ = (size & (size - 1)) == 0
                ? _code.I32(System.Numerics.BitOperations.Log2((uint)size)).Op(Op.I32Shl)
                : _code.I32(size).Op(Op.I32Mul);
        }
    }

    private void WriteNewArray(IlType type)
    {
        var layout = Layouts.Of(type);
        Pop(IlType.Int);
        _code.I32(layout.Size).I32(FirstElement(layout));
        Push(IlType.Int);
        Push(IlType.Int);
        Push(IlType.Int);
        CallRuntime("Memory", "NewArray");
        Allocated(IlType.ArrayOf(type));
    }

    /// <summary>The top operand, an address, as a new object: 0 says that there was no room.</summary>
    private void Allocated(IlType type)
    {
        Pop();
        var local = Take(WasmType.I32);
        _code.Set(local).Get(local).Op(Op.I32Eqz);
        FailIf(FaultKind.Memory);
        _code.Get(local);
        Give(WasmType.I32, local);
        Push(type, notNull: true);
    }

    private void InitializeArray(FieldDefinition data)
    {
        var element = _stack[^1].Type.Element;
        PopNumber();
        _code.I32(FirstElement(Layouts.Of(element))).Op(Op.I32Add);
        _code.I32(program.Literal(data.InitialValue)).I32(data.InitialValue.Length).Prefixed(Op.MemoryCopy);
    }
}

using Mono.Cecil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>What the compiler knows of the framework, and what the SDK asks of the compiler.</summary>
internal sealed partial class MethodCompiler
{
    private void WriteFramework(CallTarget.Framework call, bool isNew = false)
    {
        if (WriteSpan(call, isNew) || WriteNullable(call, isNew) || WriteTuple(call, isNew) || WriteMath(call) || WriteHandles(call) ||
            WriteGenerated(call))
        {
            return;
        }

        if (!isNew && call is { Type: "System.Object" or "System.Exception", Name: ".ctor" })
        {
            DropArguments(call.Parameters.Length + 1);
            return;
        }

        throw CallResolver.NotKnown(call.Shown);
    }

    private bool WriteNullable(CallTarget.Framework call, bool isNew)
    {
        if (call.Owner is not { Kind: IlKind.Nullable } type)
        {
            return false;
        }

        var value = Layouts.Of(type).Fields["value"];
        switch (call.Name, call.Parameters.Length)
        {
            case (".ctor", 1):
                Pop(type.Element);
                var parts = Spill(Layouts.Of(type.Element));
                _code.I32(1);
                Unspill(Layouts.Of(type.Element), parts);
                Push(type);
                if (!isNew)
                {
                    StoreTo(type);
                }

                return true;
            case ("get_HasValue", _):
                LoadFrom(Pop(), IlType.Bool);
                Push(IlType.Bool);
                return true;
            case ("GetValueOrDefault", 0):
                FieldAddress(value, type, under: null);
                LoadFrom(Pop(), type.Element);
                Push(type.Element);
                return true;
            case ("GetValueOrDefault", 1):
                ValueOr(type, value);
                return true;
            case ("get_Value", _):
                CheckedValue(type, value);
                return true;
            default:
                return false;
        }
    }

    private void ValueOr(IlType type, FieldPlace value)
    {
        Pop(type.Element);
        var layout = Layouts.Of(type.Element);
        var (other, has) = (Spill(layout), Take(WasmType.I32));
        Duplicate();
        LoadFrom(Pop(), IlType.Bool);
        _code.Set(has);
        FieldAddress(value, type, under: null);
        LoadFrom(Pop(), type.Element);
        var own = Spill(layout);
        for (var i = 0; i < own.Length; i++)
        {
            _code.Get(own[i]).Get(other[i]).Get(has).Op(Op.Select);
            Give(layout.Parts[i].Type, own[i]);
            Give(layout.Parts[i].Type, other[i]);
        }

        Give(WasmType.I32, has);
        Push(type.Element);
    }

    private void CheckedValue(IlType type, FieldPlace value)
    {
        Duplicate();
        LoadFrom(Pop(), IlType.Bool);
        _code.Op(Op.I32Eqz);
        FailIf(FaultKind.Null);
        FieldAddress(value, type, under: null);
        LoadFrom(Pop(), type.Element);
        Push(type.Element);
    }

    private bool WriteTuple(CallTarget.Framework call, bool isNew)
    {
        if (call.Owner is not { Kind: IlKind.Struct } type || call.Name != ".ctor" || !call.Type.StartsWith("System.ValueTuple", StringComparison.Ordinal))
        {
            return false;
        }

        Settle([.. type.Arguments], []);
        DropNotes(type.Arguments.Length);
        Push(type);
        if (!isNew)
        {
            StoreTo(type);
        }

        return true;
    }

    private bool WriteHandles(CallTarget.Framework call)
    {
        switch (call.Type, call.Name)
        {
            case ("System.Runtime.CompilerServices.RuntimeHelpers", "InitializeArray") when Pop().Token is FieldReference data:
                InitializeArray(Sources.Assemblies.Resolve(data)!);
                return true;
            case ("System.Runtime.CompilerServices.RuntimeHelpers", "CreateSpan") when Pop().Token is FieldReference data:
                var bytes = Sources.Assemblies.Resolve(data)!.InitialValue;
                _code.I32(program.Literal(bytes)).I32(bytes.Length / Layouts.Of(call.Arguments[0]).Size);
                Push(IlType.SpanOf(call.Arguments[0]));
                return true;
            case ("System.Array", "Empty"):
                CallEmptyArray(call.Arguments[0]);
                return true;
            case ("System.MemoryExtensions", "AsSpan") when call.Parameters is [{ Kind: IlKind.Array }]:
                ArrayAsSpan(call.Arguments[0]);
                return true;
            case ("System.MemoryExtensions", "AsSpan") when call.Parameters is [{ Kind: IlKind.Array }, _, _]:
                Settle(call.Parameters.AsSpan(), []);
                ArrayPart(IlType.SpanOf(call.Arguments[0]));
                return true;
            case ("System.Runtime.InteropServices.MemoryMarshal", "GetReference") when PluginSources.IsTrusted(_frame.Method):
                Settle(call.Parameters.AsSpan(), []);
                Pop();
                _code.Op(Op.Drop);
                Push(IlType.ReferenceTo(call.Arguments[0]));
                return true;
            case ("System.BitConverter", "SingleToInt32Bits" or "SingleToUInt32Bits"):
                return Reinterpret(IlType.Float, Op.I32ReinterpretF32, IlType.Int);
            case ("System.BitConverter", "DoubleToInt64Bits" or "DoubleToUInt64Bits"):
                return Reinterpret(IlType.Double, Op.I64ReinterpretF64, IlType.Long);
            case ("System.BitConverter", "Int32BitsToSingle" or "UInt32BitsToSingle"):
                return Reinterpret(IlType.Int, Op.F32ReinterpretI32, IlType.Float);
            case ("System.BitConverter", "Int64BitsToDouble" or "UInt64BitsToDouble"):
                return Reinterpret(IlType.Long, Op.F64ReinterpretI64, IlType.Double);
            default:
                return false;
        }
    }

    /// <summary>What only the SDK may do, and code that the C# compiler made itself for collection expressions: they are careful with addresses.</summary>
    private bool WriteGenerated(CallTarget.Framework call)
    {
        if (_frame.Method.Definition.DeclaringType.Name != "<PrivateImplementationDetails>" && !PluginSources.IsSdk(_frame.Method))
        {
            return false;
        }

        switch (call.Type, call.Name)
        {
            case ("System.Runtime.CompilerServices.Unsafe", "As" or "AsRef"):
                PopNumber();
                Push(IlType.ReferenceTo(call.Arguments[^1]));
                return true;
            case ("System.Runtime.CompilerServices.Unsafe", "Add"):
                Settle(call.Parameters.AsSpan(), []);
                DropNotes(2);
                Scale(Layouts.Of(call.Arguments[0]).Size);
                _code.Op(Op.I32Add);
                Push(IlType.ReferenceTo(call.Arguments[0]));
                return true;
            case ("System.Runtime.InteropServices.MemoryMarshal", "CreateSpan" or "CreateReadOnlySpan"):
                Settle(call.Parameters.AsSpan(), []);
                DropNotes(2);
                Push(IlType.SpanOf(call.Arguments[0]));
                return true;
            default:
                return false;
        }
    }

    private void CallEmptyArray(IlType element)
    {
        _code.I32(0);
        Push(IlType.Int);
        WriteNewArray(element);
    }

    private bool Reinterpret(IlType from, int op, IlType to)
    {
        Pop(from);
        _code.Op(op);
        Push(to);
        return true;
    }

    private bool WriteMath(CallTarget.Framework call)
    {
        var wide = call.Parameters is [{ Kind: IlKind.I8 or IlKind.U8 }, ..] ? Op.ToI64 : 0;
        var twice = call.Parameters is [{ Kind: IlKind.R8 }, ..] ? Op.ToF64 : 0;
        int? op = (call.Type, call.Name) switch
        {
            ("System.Numerics.BitOperations", "LeadingZeroCount") => Op.I32Clz + wide,
            ("System.Numerics.BitOperations", "TrailingZeroCount") => Op.I32Ctz + wide,
            ("System.Numerics.BitOperations", "PopCount") => Op.I32Popcnt + wide,
            ("System.Math" or "System.MathF", "Abs") when IsFloat(call) => Op.F32Abs + twice,
            ("System.Math" or "System.MathF", "Ceiling") when IsFloat(call) => Op.F32Abs + 2 + twice,
            ("System.Math" or "System.MathF", "Floor") when IsFloat(call) => Op.F32Abs + 3 + twice,
            ("System.Math" or "System.MathF", "Truncate") when IsFloat(call) => Op.F32Abs + 4 + twice,
            ("System.Math" or "System.MathF", "Round") when IsFloat(call) && call.Parameters.Length == 1 => Op.F32Abs + 5 + twice,
            ("System.Math" or "System.MathF", "Sqrt") when IsFloat(call) => Op.F32Abs + 6 + twice,
            ("System.Numerics.BitOperations", "RotateLeft") => Op.I32Rotl + wide,
            ("System.Numerics.BitOperations", "RotateRight") => Op.I32Rotr + wide,
            _ => null,
        };
        if (op is null)
        {
            return false;
        }

        Settle(call.Parameters.AsSpan(), []);
        DropNotes(call.Parameters.Length);
        if (wide != 0 && call.Parameters.Length == 2)
        {
            _code.Op(Op.I64ExtendI32U);
        }

        _code.Op(op.Value);
        if (wide != 0 && call.Parameters.Length == 1)
        {
            _code.Op(Op.I32WrapI64);
        }

        Push(call.Result);
        return true;
    }

    private static bool IsFloat(CallTarget.Framework call) => call.Parameters is [{ Kind: IlKind.R4 or IlKind.R8 }, ..];

    private void WriteIntrinsic(CallTarget.Intrinsic intrinsic)
    {
        var types = Sources.Parameters(intrinsic.Method);
        Settle(types.AsSpan(), []);
        DropNotes(types.Length);
        switch (intrinsic.Name)
        {
            case "memory.size":
                _code.Op(Op.MemorySize);
                break;
            case "memory.grow":
                _code.Op(Op.MemoryGrow);
                break;
            case "memory.fill":
                _code.Prefixed(Op.MemoryFill);
                break;
            case "memory.copy":
                _code.Prefixed(Op.MemoryCopy);
                break;
            case "stack.top":
                _code.I32(program.StackTop);
                break;
            case "data.end":
                _code.I32(program.DataEnd);
                break;
            case "stack.bottom":
                _code.I32(program.StackBottom);
                break;
            case "fault.get":
                _code.Op(Op.GlobalGet, Globals.Fault);
                break;
            case "fault.clear":
                _code.I32(0).Op(Op.GlobalSet, Globals.Fault);
                break;
            case "fault.names":
                _code.I32(program.NameTable);
                break;
            case "fuel.burn":
                var amount = Take(WasmType.I32);
                _code.Set(amount).Op(Op.GlobalGet, Globals.Fuel).Get(amount).Op(Op.I32Sub).Op(Op.GlobalSet, Globals.Fuel);
                Give(WasmType.I32, amount);
                break;
            case "text.bytes":
                break;
            default:
                // Constants have been folded before; see ConstantFolding.
                throw new NotInSubset("PW0009", $"the SDK asks for {intrinsic.Name}, which this compiler does not know", "use the SDK that belongs to it");
        }

        PushResult(Sources.Result(intrinsic.Method));
    }
}

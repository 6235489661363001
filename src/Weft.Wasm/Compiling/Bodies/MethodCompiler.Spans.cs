using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Span and ReadOnlySpan: an address and a length, checked where they are indexed and cut.</summary>
internal sealed partial class MethodCompiler
{
    /// <summary>A span that is looked at: its two numbers in locals, or still in memory behind the address in one.</summary>
    private readonly record struct TakenSpan(int First, int Second, bool Temporary, int Offset = -1)
    {
        public bool InMemory => Offset >= 0;
    }

    private bool WriteSpan(CallTarget.Framework call, bool isNew)
    {
        if (call.Owner is not { Kind: IlKind.Span } span)
        {
            return false;
        }

        var element = span.Element;
        switch (call.Name, call.Parameters.Length)
        {
            case (".ctor", _):
                NewSpan(call, span, isNew);
                return true;
            case ("get_Length", _):
                OfSpan(GetLength);
                Push(IlType.Int);
                return true;
            case ("get_IsEmpty", _):
                OfSpan(GetLength);
                _code.Op(Op.I32Eqz);
                Push(IlType.Bool);
                return true;
            case ("get_Empty", _):
                _code.I32(0).I32(0);
                Push(span);
                return true;
            case ("op_Implicit", _):
                SpanOf(call.Parameters[0], span);
                return true;
            case ("GetPinnableReference", _):
                OfSpan(GetAddress);
                Push(IlType.ReferenceTo(element));
                return true;
            case ("get_Item", _):
                Index(element);
                return true;
            case ("Slice", var count):
                Slice(span, count);
                return true;
            case ("ToArray" or "CopyTo" or "TryCopyTo" or "Fill" or "Clear", _):
                // The address of the span becomes the span, below what is on it.
                Settle([span, .. call.Parameters], [true, .. call.Parameters.Select(_ => false)]);
                CallGuest(Sources.Runtime("SpanMethods", call.Name, element));
                return true;
            default:
                return false;
        }
    }

    private TakenSpan TakeSpan()
    {
        var operand = Pop();
        if (operand.Place == OperandPlace.VariableAddress)
        {
            var locals = operand.Variable!.Locals;
            return new TakenSpan(locals[operand.First], locals[operand.First + 1], Temporary: false);
        }

        if (operand.Place == OperandPlace.LocalAddress)
        {
            return new TakenSpan(BaseOf(operand), -1, Temporary: false, operand.Offset);
        }

        if (operand.Type.Kind != IlKind.Span)
        {
            var address = Take(WasmType.I32);
            _code.Set(address);
            return new TakenSpan(address, -1, Temporary: true, operand.Offset);
        }

        var taken = Spill(Layouts.Of(IlType.SpanOf(IlType.Byte)));
        return new TakenSpan(taken[0], taken[1], Temporary: true);
    }

    private void GiveSpan(TakenSpan span)
    {
        if (span.Temporary)
        {
            Give(WasmType.I32, span.First);
            if (!span.InMemory)
            {
                Give(WasmType.I32, span.Second);
            }
        }
    }

    private void GetAddress(TakenSpan span)
    {
        _code.Get(span.First);
        if (span.InMemory)
        {
            _code.Memory(Op.I32Load, 4, span.Offset);
        }
    }

    private void GetLength(TakenSpan span)
    {
        _ = span.InMemory ? _code.Get(span.First).Memory(Op.I32Load, 4, span.Offset + 4) : _code.Get(span.Second);
    }

    private void OfSpan(Action<TakenSpan> write)
    {
        var span = TakeSpan();
        write(span);
        GiveSpan(span);
    }

    private void Index(IlType element)
    {
        Pop(IlType.Int);
        var index = Take(WasmType.I32);
        _code.Set(index);
        OfSpan(s =>
        {
            _code.Get(index);
            GetLength(s);
            _code.Op(Op.I32GeU);
            FailIf(FaultKind.Index);
            GetAddress(s);
            _code.Get(index);
            Scale(Layouts.Of(element).Size);
            _code.Op(Op.I32Add);
        });
        Give(WasmType.I32, index);
        Push(IlType.ReferenceTo(element));
    }

    private void Slice(IlType span, int count)
    {
        var length = -1;
        if (count == 2)
        {
            Pop(IlType.Int);
            length = Take(WasmType.I32);
            _code.Set(length);
        }

        Pop(IlType.Int);
        var start = Take(WasmType.I32);
        _code.Set(start);
        OfSpan(s => Cut(s, start, length, Layouts.Of(span.Element).Size));
        Give(WasmType.I32, start);
        if (length >= 0)
        {
            Give(WasmType.I32, length);
        }

        Push(span);
    }

    private void Cut(TakenSpan span, int start, int length, int size)
    {
        var whole = Take(WasmType.I32);
        GetLength(span);
        _code.Set(whole).Get(start).Get(whole).Op(Op.I32GtU);
        FailIf(FaultKind.Index);
        if (length >= 0)
        {
            _code.Get(length).Get(whole).Get(start).Op(Op.I32Sub).Op(Op.I32GtU);
            FailIf(FaultKind.Index);
        }

        GetAddress(span);
        _code.Get(start);
        Scale(size);
        _code.Op(Op.I32Add);
        _ = length >= 0 ? _code.Get(length) : _code.Get(whole).Get(start).Op(Op.I32Sub);
        Give(WasmType.I32, whole);
    }

    private void NewSpan(CallTarget.Framework call, IlType span, bool isNew)
    {
        switch (call.Parameters)
        {
            case [{ Kind: IlKind.Address, IsReference: false }, _]:
                Settle([IlType.NativeInt, IlType.Int], []);
                DropNotes(2);
                break;
            case [{ Kind: IlKind.Address, IsReference: true }]:
                PopNumber();
                _code.I32(1);
                break;
            case [{ Kind: IlKind.Array }]:
                ArrayAsSpan(span.Element);
                Pop();
                break;
            case [{ Kind: IlKind.Array }, _, _]:
                Settle([call.Parameters[0], IlType.Int, IlType.Int], []);
                ArrayPart(span);
                Pop();
                break;
            default:
                throw CallResolver.NotKnown(call.Shown);
        }

        Push(span);
        if (!isNew)
        {
            StoreTo(span);
        }
    }

    private void DropNotes(int count) => _stack.RemoveRange(_stack.Count - count, count);

    /// <summary>An array as a span of all of it; none as an empty one.</summary>
    private void ArrayAsSpan(IlType element)
    {
        PopNumber();
        var array = Take(WasmType.I32);
        _code.Set(array).Get(array).I32(FirstElement(Layouts.Of(element))).Op(Op.I32Add).Get(array).Memory(Op.I32Load, 4, 0);
        Give(WasmType.I32, array);
        Push(IlType.SpanOf(element));
    }

    private void ArrayPart(IlType span)
    {
        var (length, start) = (Take(WasmType.I32), Take(WasmType.I32));
        _code.Set(length).Set(start);
        DropNotes(2);
        ArrayAsSpan(span.Element);
        OfSpan(s => Cut(s, start, length, Layouts.Of(span.Element).Size));
        Give(WasmType.I32, length);
        Give(WasmType.I32, start);
        Push(span);
    }

    private void SpanOf(IlType from, IlType to)
    {
        if (from.Kind == IlKind.Array)
        {
            ArrayAsSpan(to.Element);
            Pop();
        }
        else
        {
            Pop(from);
        }

        Push(to);
    }
}

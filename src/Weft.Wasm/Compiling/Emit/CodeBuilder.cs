using System.Buffers.Binary;

namespace Weft.Wasm.Compiling.Emit;

/// <summary>
/// The instructions of one function. <c>local.set n; local.get n</c> becomes <c>local.tee n</c> as it is written, and a
/// constant that is added to an address goes into the instruction that uses it.
/// </summary>
internal sealed class CodeBuilder
{
    private readonly ByteBuilder _bytes = new();
    private (int At, int Local) _lastSet = (-1, -1);

    public ReadOnlySpan<byte> Written => _bytes.Written;

    public CodeBuilder Op(int op)
    {
        _bytes.Byte(op);
        return this;
    }

    public CodeBuilder Op(int op, uint operand)
    {
        _bytes.Byte(op).Unsigned(operand);
        return this;
    }

    public CodeBuilder Prefixed(uint op, params ReadOnlySpan<byte> operands)
    {
        _bytes.Byte(Emit.Op.Prefix).Unsigned(op).Bytes(operands);
        return this;
    }

    public CodeBuilder Get(int local)
    {
        if (_lastSet.At >= 0 && _lastSet.Local == local && _bytes.Count == _lastSet.At + 1 + LengthOf((uint)local))
        {
            _bytes.Truncate(_lastSet.At);
            _lastSet = (-1, -1);
            return Op(Emit.Op.LocalTee, (uint)local);
        }

        return Op(Emit.Op.LocalGet, (uint)local);
    }

    public CodeBuilder Set(int local)
    {
        _lastSet = (_bytes.Count, local);
        return Op(Emit.Op.LocalSet, (uint)local);
    }

    public CodeBuilder I32(int value)
    {
        _bytes.Byte(Emit.Op.I32Const).Signed(value);
        return this;
    }

    public CodeBuilder I64(long value)
    {
        _bytes.Byte(Emit.Op.I64Const).Signed(value);
        return this;
    }

    public CodeBuilder F32(float value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Byte(Emit.Op.F32Const).Bytes(bytes);
        return this;
    }

    public CodeBuilder F64(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.Byte(Emit.Op.F64Const).Bytes(bytes);
        return this;
    }

    public CodeBuilder Zero(WasmType type) => type switch
    {
        WasmType.I32 => I32(0),
        WasmType.I64 => I64(0),
        WasmType.F32 => F32(0),
        _ => F64(0),
    };

    /// <summary>A load or store: the instruction, the alignment as an exponent of 2, the offset.</summary>
    public CodeBuilder Memory(int op, int size, int offset)
    {
        _bytes.Byte(op).Unsigned(size switch { 1 => 0, 2 => 1, 4 => 2, _ => 3 }).Unsigned((uint)offset);
        return this;
    }

    public CodeBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Bytes(bytes);
        return this;
    }

    /// <summary>A label stands here: what was set before it need not be what is got after it.</summary>
    public CodeBuilder Label(int op)
    {
        _bytes.Byte(op);
        if (op is Emit.Op.Block or Emit.Op.Loop or Emit.Op.If)
        {
            _bytes.Byte(Emit.Op.Void);
        }

        _lastSet = (-1, -1);
        return this;
    }

    private static int LengthOf(uint value)
    {
        var length = 1;
        for (; value >= 0x80; value >>= 7)
        {
            length++;
        }

        return length;
    }
}

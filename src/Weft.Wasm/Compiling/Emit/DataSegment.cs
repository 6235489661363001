namespace Weft.Wasm.Compiling.Emit;

/// <summary>What lies in memory from the start: literals, tables, and room for static fields.</summary>
internal sealed class DataSegment(int start)
{
    private readonly ByteBuilder _bytes = new();
    private readonly Dictionary<string, int> _literals = [];

    /// <summary>The address after the last byte.</summary>
    public int End => start + _bytes.Count;

    public ReadOnlySpan<byte> Bytes => _bytes.Written;

    public int Start => start;

    /// <summary>The address of these bytes; the same bytes have one address.</summary>
    public int Literal(ReadOnlySpan<byte> bytes, int align)
    {
        var key = $"{align}:{Convert.ToHexString(bytes)}";
        if (!_literals.TryGetValue(key, out var address))
        {
            _literals[key] = address = Add(bytes, align);
        }

        return address;
    }

    public int Reserve(int size, int align) => Add(new byte[size], align);

    public void Fill(int address, ReadOnlySpan<byte> bytes)
    {
        // The builder only grows: what was reserved is written over by rebuilding the end.
        var tail = _bytes.Written[(address - start + bytes.Length)..].ToArray();
        _bytes.Truncate(address - start);
        _bytes.Bytes(bytes).Bytes(tail);
    }

    private int Add(ReadOnlySpan<byte> bytes, int align)
    {
        while (End % align != 0)
        {
            _bytes.Byte(0);
        }

        var address = End;
        _bytes.Bytes(bytes);
        return address;
    }
}

namespace Weft.Wasm.Compiling.Emit;

/// <summary>What lies in memory from the start: literals and tables.</summary>
internal sealed class DataSegment(int start)
{
    private readonly ByteBuilder _bytes = new();
    private readonly Dictionary<string, int> _literals = [];

    /// <summary>The address after the last byte.</summary>
    public int End => start + _bytes.Count;

    public ReadOnlySpan<byte> Bytes => _bytes.Written;

    public int Start => start;

    /// <summary>The address of these bytes; the same bytes have one address.</summary>
    public int Literal(ReadOnlySpan<byte> bytes)
    {
        var key = Convert.ToHexString(bytes);
        if (!_literals.TryGetValue(key, out var address))
        {
            _literals[key] = address = End;
            _bytes.Bytes(bytes);
        }

        return address;
    }
}

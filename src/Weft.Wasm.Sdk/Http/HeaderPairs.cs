namespace Weft.Wasm.Sdk;

/// <summary>
/// Walks a list of headers in proxy-wasm's form: a count, the sizes of each name and value, then names and values, each
/// followed by a zero; numbers have 32 bits, little endian. A malformed list ends where it makes no sense.
/// </summary>
public ref struct HeaderPairs
{
    private readonly ReadOnlySpan<byte> _pairs;
    private int _reached;
    private int _start;
    private int _end;
    private int _nameSize;
    private int _valueSize;

    internal HeaderPairs(ReadOnlySpan<byte> pairs)
    {
        _pairs = pairs;
        if (pairs.Length >= 4)
        {
            // Each pair has eight bytes of sizes at least: a greater count cannot be true.
            var count = Read(pairs, 0);
            Count = (uint)count <= (uint)((pairs.Length - 4) >> 3) ? count : 0;
            _end = 4 + (Count << 3);
        }
    }

    /// <summary>How many pairs there are.</summary>
    public int Count { get; }

    /// <summary>The pair that was reached.</summary>
    public readonly NameValue Current => new(
        _pairs.Slice(_start, _nameSize), _pairs.Slice(_start + _nameSize + 1, _valueSize));

    /// <summary>Goes to the next pair.</summary>
    /// <returns>Whether there is one.</returns>
    public bool MoveNext()
    {
        if (_reached >= Count)
        {
            return false;
        }

        var sizes = 4 + (_reached << 3);
        _nameSize = Read(_pairs, sizes);
        _valueSize = Read(_pairs, sizes + 4);
        _reached++;
        var room = _pairs.Length - _end - 2;
        if (room < 0 || (uint)_nameSize > (uint)room || (uint)_valueSize > (uint)(room - _nameSize))
        {
            _reached = Count;
            return false;
        }

        _start = _end;
        _end += _nameSize + _valueSize + 2;
        return true;
    }

    internal static int Read(ReadOnlySpan<byte> bytes, int at) =>
        bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

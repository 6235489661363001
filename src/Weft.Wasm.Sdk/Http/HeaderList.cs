namespace Weft.Wasm.Sdk;

/// <summary>
/// Headers for a response or a call, written into memory of the caller's, so that nothing is allocated:
/// <c>var headers = new HeaderList(stackalloc byte[256]);</c>. A list that was never made stands for no headers.
/// </summary>
public ref struct HeaderList
{
    private readonly Span<byte> _buffer;
    private int _length;

    /// <summary>An empty list.</summary>
    /// <param name="buffer">Takes the list: 4 bytes, and for each header 10 more than its name and value have.</param>
    public HeaderList(Span<byte> buffer)
    {
        _buffer = buffer;
    }

    /// <summary>Whether a header had no room. A list of which something is missing is not sent.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>How many headers are in it.</summary>
    public int Count { get; private set; }

    /// <summary>The list as the proxy takes it: of proxy-wasm's form of pairs; nothing where it is empty.</summary>
    internal readonly ReadOnlySpan<byte> Encoded => _buffer[.._length];

    /// <summary>Adds a header.</summary>
    /// <param name="name">Its name, in lower case.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether there was room.</returns>
    public bool Add(scoped Text name, scoped Text value)
    {
        if (_length == 0 && _buffer.Length >= 4)
        {
            _length = 4;
        }

        var size = name.Length + value.Length + 10;
        if (Overflowed || _length == 0 || size > _buffer.Length - _length)
        {
            Overflowed = true;
            return false;
        }

        // The sizes stand before all names and values: those that are there make room for two more numbers.
        var table = 4 + (Count << 3);
        _buffer[table.._length].CopyTo(_buffer[(table + 8)..]);
        Write(table, name.Length);
        Write(table + 4, value.Length);
        _length += 8;
        Append(name);
        Append(value);
        Count++;
        Write(0, Count);
        return true;
    }

    private void Append(scoped Text text)
    {
        text.Bytes.CopyTo(_buffer[_length..]);
        _length += text.Length;
        _buffer[_length++] = 0;
    }

    private readonly void Write(int at, int number)
    {
        for (var i = 0; i < 4; i++)
        {
            _buffer[at + i] = (byte)(number >> (i << 3));
        }
    }
}

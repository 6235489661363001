namespace Weft.Wasm.Sdk;

/// <summary>
/// Puts a text together in memory of the caller's: <c>var text = new Utf8Writer(stackalloc byte[64]);</c>. What has no
/// room is cut off, and <see cref="Truncated"/> says so.
/// </summary>
public ref struct Utf8Writer
{
    private readonly Span<byte> _buffer;

    /// <summary>An empty text.</summary>
    /// <param name="buffer">Takes the text.</param>
    public Utf8Writer(Span<byte> buffer)
    {
        _buffer = buffer;
    }

    /// <summary>How many bytes it has.</summary>
    public int Length { get; private set; }

    /// <summary>Whether something had no room.</summary>
    public bool Truncated { get; private set; }

    /// <summary>The text.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>Adds a byte.</summary>
    public void Append(byte letter)
    {
        if (Length < _buffer.Length)
        {
            _buffer[Length++] = letter;
        }
        else
        {
            Truncated = true;
        }
    }

    /// <summary>Adds a text.</summary>
    public void Append(scoped Text text)
    {
        var bytes = text.Bytes;
        if (bytes.Length > _buffer.Length - Length)
        {
            bytes = bytes[..(_buffer.Length - Length)];
            Truncated = true;
        }

        bytes.CopyTo(_buffer[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Adds a number in decimal digits.</summary>
    public void Append(long number)
    {
        if (number < 0)
        {
            Append((byte)'-');
        }

        AppendUnsigned(number < 0 ? 0 - (ulong)number : (ulong)number);
    }

    /// <summary>Adds a number that is never below 0, in decimal digits.</summary>
    public void AppendUnsigned(ulong number)
    {
        Span<byte> digits = stackalloc byte[20];
        var first = digits.Length;
        do
        {
            digits[--first] = (byte)('0' + (number % 10));
            number /= 10;
        }
        while (number != 0);
        Append(digits[first..]);
    }

    /// <summary>Adds a number in hexadecimal digits.</summary>
    /// <param name="number">The number.</param>
    /// <param name="digits">How many digits at least, zeros before it.</param>
    public void AppendHex(ulong number, int digits = 1)
    {
        for (var i = 15; i >= 0; i--)
        {
            var rest = number >> (i << 2);
            if (i < digits || rest != 0)
            {
                Append("0123456789abcdef"u8[(int)(rest & 15)]);
            }
        }
    }

    /// <summary>Adds <c>true</c> or <c>false</c>.</summary>
    public void Append(bool value) => Append(value ? "true"u8 : "false"u8);

    /// <summary>
    /// Adds a number with a fraction: about seven digits, at most six of them behind the point, which is for people to
    /// read and not to be read back.
    /// </summary>
    public void Append(double number) => Decimals.Append(ref this, number);
}

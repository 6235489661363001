namespace Weft.Wasm.Sdk;

/// <summary>
/// The parameters in a path: <c>new Query(Request.Path)</c>. Names and values are given as the client wrote them;
/// <see cref="TryDecode"/> resolves <c>%20</c> and <c>+</c>.
/// </summary>
public ref struct Query
{
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _current;

    /// <summary>The parameters of a path.</summary>
    /// <param name="path">The path; what stands before <c>?</c> and from <c>#</c> on is left out.</param>
    public Query(ReadOnlySpan<byte> path)
    {
        _rest = NameValue.Split(NameValue.Split(path, (byte)'#').Name, (byte)'?').Value;
    }

    /// <summary>The parameter that was reached. One without <c>=</c> has no value.</summary>
    public readonly NameValue Current => NameValue.Split(_current, (byte)'=');

    /// <summary>Goes to the next parameter.</summary>
    /// <returns>Whether there is one.</returns>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var parameter = NameValue.Split(_rest, (byte)'&');
            _rest = parameter.Value;
            _current = parameter.Name;
            if (!_current.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The parameters from here on.</summary>
    public readonly Query GetEnumerator() => this;

    /// <summary>Finds the first parameter with a name.</summary>
    /// <param name="name">The name, decoded: <c>a b</c> finds <c>a%20b</c>. Upper and lower case are different.</param>
    /// <param name="value">Its value as the client wrote it; empty where there is none.</param>
    /// <returns>Whether there is one.</returns>
    public readonly bool TryGet(scoped Text name, out ReadOnlySpan<byte> value)
    {
        foreach (var parameter in this)
        {
            if (Means(parameter.Name, name.Bytes))
            {
                value = parameter.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>
    /// Resolves <c>%20</c> and <c>+</c>. A percent sign without two hexadecimal digits stands for itself.
    /// </summary>
    /// <param name="text">A name or value as the client wrote it.</param>
    /// <param name="buffer">Takes the result, which is never longer than <paramref name="text"/>.</param>
    /// <param name="written">How many bytes the result has.</param>
    /// <returns>Whether there was room.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> buffer, out int written)
    {
        written = 0;
        for (var i = 0; i < text.Length;)
        {
            if (written == buffer.Length)
            {
                return false;
            }

            buffer[written++] = Next(text, ref i);
        }

        return true;
    }

    /// <summary>Whether a name or value, once it is decoded, is this one.</summary>
    /// <param name="text">As the client wrote it.</param>
    /// <param name="decoded">What it may mean.</param>
    public static bool Means(ReadOnlySpan<byte> text, ReadOnlySpan<byte> decoded)
    {
        var i = 0;
        foreach (var letter in decoded)
        {
            if (i == text.Length || Next(text, ref i) != letter)
            {
                return false;
            }
        }

        return i == text.Length;
    }

    private static byte Next(ReadOnlySpan<byte> text, ref int at)
    {
        var letter = text[at++];
        if (letter == '%' && text.Length - at >= 2)
        {
            var high = Ascii.HexDigit(text[at]);
            var low = Ascii.HexDigit(text[at + 1]);
            if ((high | low) >= 0)
            {
                at += 2;
                return (byte)((high << 4) | low);
            }
        }

        return letter == '+' ? (byte)' ' : letter;
    }
}

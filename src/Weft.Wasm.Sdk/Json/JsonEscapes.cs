namespace Weft.Wasm.Sdk;

/// <summary>What begins with a backslash in JSON's strings.</summary>
internal static class JsonEscapes
{
    /// <summary>How many bytes an escape has that a text begins with; 0 where it is none.</summary>
    internal static int Length(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
        {
            return 0;
        }

        if (text[1] == 'u')
        {
            return Unit(text) < 0 ? 0 : 6;
        }

        return Simple(text[1]) == 0 ? 0 : 2;
    }

    /// <summary>Whether a text with escapes means another.</summary>
    internal static bool Equal(ReadOnlySpan<byte> text, ReadOnlySpan<byte> meaning)
    {
        for (var at = 0; at < text.Length;)
        {
            var letters = Next(text, ref at);
            for (var i = 0; i < letters.Length; i++, meaning = meaning[1..])
            {
                if (meaning.IsEmpty || meaning[0] != letters[i])
                {
                    return false;
                }
            }

            if (letters.Length == 0)
            {
                return false;
            }
        }

        return meaning.IsEmpty;
    }

    /// <summary>Resolves all escapes of a text.</summary>
    internal static bool TryUnescape(ReadOnlySpan<byte> text, Span<byte> buffer, out int written)
    {
        written = 0;
        for (var at = 0; at < text.Length;)
        {
            var letters = Next(text, ref at);
            if (letters.Length == 0 || letters.Length > buffer.Length - written)
            {
                return false;
            }

            for (var i = 0; i < letters.Length; i++)
            {
                buffer[written++] = letters[i];
            }
        }

        return true;
    }

    // Takes one byte, or the character of one escape; nothing where it is half of a character.
    private static Utf8Bytes Next(ReadOnlySpan<byte> text, ref int at)
    {
        var letter = text[at];
        if (letter != '\\')
        {
            at++;
            return new Utf8Bytes(letter, 1);
        }

        var escape = text[at..];
        if (escape[1] != 'u')
        {
            at += 2;
            return new Utf8Bytes(Simple(escape[1]), 1);
        }

        at += 6;
        var character = Unit(escape);
        if ((character & 0xfffff800) != 0xd800)
        {
            return Utf8Bytes.Of(character);
        }

        at += 6;
        var low = character < 0xdc00 && Length(escape[6..]) == 6 ? Unit(escape[6..]) : 0;
        return (low & 0xfffffc00) == 0xdc00
            ? Utf8Bytes.Of(0x10000 + ((character & 0x3ff) << 10) + (low & 0x3ff))
            : default;
    }

    // The 16 bits that four hexadecimal digits give, -1 where they are none.
    private static int Unit(ReadOnlySpan<byte> text)
    {
        if (text.Length < 6)
        {
            return -1;
        }

        var unit = 0;
        for (var i = 2; i < 6; i++)
        {
            var digit = Ascii.HexDigit(text[i]);
            if (digit < 0)
            {
                return -1;
            }

            unit = (unit << 4) | digit;
        }

        return unit;
    }

    private static byte Simple(byte letter) => letter switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' => letter,
        (byte)'b' => 8,
        (byte)'f' => 12,
        (byte)'n' => 10,
        (byte)'r' => 13,
        (byte)'t' => 9,
        _ => 0,
    };
}

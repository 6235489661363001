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
        Span<byte> letters = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            var size = Next(ref text, letters);
            if (size == 0 || !meaning.StartsWith(letters[..size]))
            {
                return false;
            }

            meaning = meaning[size..];
        }

        return meaning.IsEmpty;
    }

    /// <summary>Resolves all escapes of a text.</summary>
    internal static bool TryUnescape(ReadOnlySpan<byte> text, Span<byte> buffer, out int written)
    {
        written = 0;
        Span<byte> letters = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            var size = Next(ref text, letters);
            if (size == 0 || size > buffer.Length - written)
            {
                return false;
            }

            letters[..size].CopyTo(buffer[written..]);
            written += size;
        }

        return true;
    }

    // Takes one byte, or the character of one escape: how many bytes it has; 0 where it is half of a character.
    private static int Next(ref ReadOnlySpan<byte> text, scoped Span<byte> letters)
    {
        letters[0] = text[0];
        if (text[0] != '\\')
        {
            text = text[1..];
            return 1;
        }

        letters[0] = Simple(text[1]);
        if (text[1] != 'u')
        {
            text = text[2..];
            return 1;
        }

        var character = Unit(text);
        text = text[6..];
        if ((character & 0xfc00) == 0xd800)
        {
            var low = text.Length < 6 || text[0] != '\\' || text[1] != 'u' ? 0 : Unit(text);
            if ((low & 0xfc00) != 0xdc00)
            {
                return 0;
            }

            text = text[6..];
            character = 0x10000 + ((character & 0x3ff) << 10) + (low & 0x3ff);
        }

        return (character & 0xfffff800) == 0xd800 ? 0 : Encode(character, letters);
    }

    private static int Encode(int character, scoped Span<byte> letters)
    {
        if (character < 0x80)
        {
            letters[0] = (byte)character;
            return 1;
        }

        var size = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
        for (var i = size - 1; i > 0; i--, character >>= 6)
        {
            letters[i] = (byte)(0x80 | (character & 0x3f));
        }

        letters[0] = (byte)((0xf00 >> size) | character);
        return size;
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

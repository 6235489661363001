namespace Weft.Wasm.Sdk;

/// <summary>How JSON writes numbers.</summary>
internal static class JsonNumber
{
    /// <summary>How many bytes a number has that a text begins with; 0 where it begins with none.</summary>
    internal static int Length(ReadOnlySpan<byte> text)
    {
        var at = Is(text, 0, '-') ? 1 : 0;
        var whole = Digits(text, at);
        if (whole == 0 || (whole > 1 && text[at] == '0'))
        {
            return 0;
        }

        at += whole;
        if (Is(text, at, '.'))
        {
            var fraction = Digits(text, at + 1);
            if (fraction == 0)
            {
                return 0;
            }

            at += 1 + fraction;
        }

        if (!Is(text, at, 'e') && !Is(text, at, 'E'))
        {
            return at;
        }

        at += Is(text, at + 1, '-') || Is(text, at + 1, '+') ? 2 : 1;
        var exponent = Digits(text, at);
        return exponent == 0 ? 0 : at + exponent;
    }

    private static bool Is(ReadOnlySpan<byte> text, int at, char letter) => at < text.Length && text[at] == letter;

    private static int Digits(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        while (end < text.Length && Ascii.IsDigit(text[end]))
        {
            end++;
        }

        return end - at;
    }
}

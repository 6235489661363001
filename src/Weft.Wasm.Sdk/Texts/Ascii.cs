namespace Weft.Wasm.Sdk;

/// <summary>What headers need of letters and digits. Bytes above 127 are compared as they are.</summary>
public static class Ascii
{
    /// <summary>Whether two texts are the same but for upper and lower case.</summary>
    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a.Length == b.Length && StartsWithIgnoreCase(a, b);

    /// <summary>Whether a text begins with another, but for upper and lower case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="prefix">What it may begin with.</param>
    public static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix)
    {
        if (text.Length < prefix.Length)
        {
            return false;
        }

        for (var i = 0; i < prefix.Length; i++)
        {
            if (ToLower(text[i]) != ToLower(prefix[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A letter in lower case; any other byte as it is.</summary>
    public static byte ToLower(byte letter) => (uint)(letter - 'A') <= 'Z' - 'A' ? (byte)(letter | 0x20) : letter;

    /// <summary>Whether a byte is a digit.</summary>
    public static bool IsDigit(byte letter) => (uint)(letter - '0') <= 9;

    /// <summary>The value of a hexadecimal digit; -1 of any other byte.</summary>
    public static int HexDigit(byte letter)
    {
        if (IsDigit(letter))
        {
            return letter - '0';
        }

        var value = ToLower(letter) - 'a';
        return (uint)value <= 5 ? value + 10 : -1;
    }

    /// <summary>The text without spaces, tabs and line ends around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && IsSpace(text[start]))
        {
            start++;
        }

        while (end > start && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary>
    /// Reads a whole number: digits, and a minus before them where it is below 0. Nothing else, no spaces.
    /// </summary>
    /// <param name="text">The digits.</param>
    /// <param name="value">The number; 0 where it is none.</param>
    /// <returns>False where it is no number, or none of 32 bits.</returns>
    public static bool TryParseInt32(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        var i = negative ? 1 : 0;
        if (i == text.Length)
        {
            return false;
        }

        long number = 0;
        for (; i < text.Length; i++)
        {
            var digit = text[i] - '0';
            number = (number * 10) + digit;
            if ((uint)digit > 9 || number > (negative ? 1L + int.MaxValue : int.MaxValue))
            {
                return false;
            }
        }

        value = (int)(negative ? -number : number);
        return true;
    }

    /// <summary>Reads a whole number of 64 bits.</summary>
    /// <inheritdoc cref="TryParseInt32"/>
    public static bool TryParseInt64(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        var i = negative ? 1 : 0;
        if (i == text.Length)
        {
            return false;
        }

        // Counted below 0, where there is room for one more than above.
        long number = 0;
        for (; i < text.Length; i++)
        {
            var digit = text[i] - '0';
            if ((uint)digit > 9 || number < (long.MinValue + digit) / 10)
            {
                return false;
            }

            number = (number * 10) - digit;
        }

        if (!negative && number == long.MinValue)
        {
            return false;
        }

        value = negative ? number : -number;
        return true;
    }

    internal static bool IsSpace(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}

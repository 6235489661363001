namespace Weft.Bpf.CoRe;

/// <summary>The numbers of an access string, <c>0:1:2</c>.</summary>
internal static class AccessString
{
    /// <exception cref="BpfFormatException">It is none, or has too many numbers.</exception>
    public static int[] Parse(string text)
    {
        var indexes = new int[AccessPath.MaxDepth];
        var count = 0;
        foreach (var range in text.AsSpan().Split(':'))
        {
            if (count == indexes.Length)
            {
                throw new BpfFormatException($"its access has more than {AccessPath.MaxDepth} steps");
            }

            indexes[count++] = Index(text.AsSpan(range), text);
        }

        return indexes[..count];
    }

    private static int Index(ReadOnlySpan<char> digits, string text)
    {
        long value = 0;
        foreach (var digit in digits)
        {
            value = char.IsAsciiDigit(digit) ? (value * 10) + digit - '0' : long.MaxValue;
            if (value > int.MaxValue)
            {
                throw Malformed(text);
            }
        }

        return digits.IsEmpty ? throw Malformed(text) : (int)value;
    }

    private static BpfFormatException Malformed(string text) =>
        new($"its access \"{(text.Length > 80 ? text[..80] + "…" : text)}\" is not made of numbers and colons");
}

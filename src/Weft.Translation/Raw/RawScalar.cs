using System.Buffers;

namespace Weft.Translation.Raw;

/// <summary>What a scalar is by YAML's core schema; all that JSON has is in it.</summary>
internal enum ScalarKind
{
    Text,
    Null,
    Bool,
    Number,
}

/// <summary>A scalar.</summary>
/// <param name="IsText">Quoted, a block, or tagged as a string: never a number, bool or null.</param>
internal sealed record RawScalar(TextMark Mark, string Text, bool IsText) : RawNode(Mark)
{
    /// <summary>
    /// Numbers longer than this are not numbers to us: nobody writes them, and parsing them costs time.
    /// </summary>
    private const int LongestNumber = 400;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    public ScalarKind Kind => IsText ? ScalarKind.Text : Text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Bool,
        _ => IsNumber(Text) ? ScalarKind.Number : ScalarKind.Text,
    };

    /// <summary>The bool that a scalar of kind <see cref="ScalarKind.Bool"/> is.</summary>
    public bool IsTrue => Text[0] is 't' or 'T';

    /// <summary>YAML 1.2.2 §10.3.2: decimal and floating numbers, 0o octal, 0x hexadecimal, .inf and .nan.</summary>
    private static bool IsNumber(string text)
    {
        if (text.Length > LongestNumber)
        {
            return false;
        }

        if (text is ".nan" or ".NaN" or ".NAN")
        {
            return true;
        }

        var digits = text.AsSpan();
        if (digits.StartsWith("0x"))
        {
            return digits.Length > 2 && !digits[2..].ContainsAnyExcept(Hex);
        }

        if (digits.StartsWith("0o"))
        {
            return digits.Length > 2 && !digits[2..].ContainsAnyExceptInRange('0', '7');
        }

        digits = digits[0] is '-' or '+' ? digits[1..] : digits;
        return digits is ".inf" or ".Inf" or ".INF" || IsDecimal(digits);
    }

    /// <summary>
    /// An unsigned number with an optional fraction and exponent: <c>1</c>, <c>.5</c>, <c>1.</c>, <c>1e-3</c>.
    /// </summary>
    public static bool IsDecimal(ReadOnlySpan<char> text)
    {
        var whole = SkipDigits(ref text);
        var fraction = 0;
        if (!text.IsEmpty && text[0] == '.')
        {
            text = text[1..];
            fraction = SkipDigits(ref text);
        }

        if (whole + fraction > 0 && !text.IsEmpty && text[0] is 'e' or 'E')
        {
            text = text[1..];
            text = !text.IsEmpty && text[0] is '-' or '+' ? text[1..] : text;
            return SkipDigits(ref text) > 0 && text.IsEmpty;
        }

        return whole + fraction > 0 && text.IsEmpty;
    }

    private static int SkipDigits(ref ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count]))
        {
            count++;
        }

        text = text[count..];
        return count;
    }
}

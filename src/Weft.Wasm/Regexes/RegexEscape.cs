namespace Weft.Wasm.Regexes;

/// <summary>What begins with a backslash. The backslash is taken already.</summary>
internal static class RegexEscape
{
    public static bool TryPlace(RegexText text, out RegexPlace place)
    {
        place = default;
        if (text.AtEnd)
        {
            return false;
        }

        RegexPlace? found = text.Peek switch
        {
            'A' => RegexPlace.TextStart,
            'z' => RegexPlace.TextEnd,
            'b' => RegexPlace.WordEdge,
            'B' => RegexPlace.NoWordEdge,
            _ => null,
        };
        place = found ?? default;
        text.At += found is null ? 0 : 1;
        return found is not null;
    }

    /// <summary><c>\d</c> and its like.</summary>
    public static bool TrySet(RegexText text, out CharacterSet set)
    {
        var found = text.AtEnd ? null : text.Peek switch
        {
            'd' => CharacterSet.Digits,
            'D' => CharacterSet.Digits.Negated(),
            'w' => CharacterSet.Words,
            'W' => CharacterSet.Words.Negated(),
            's' => CharacterSet.Spaces,
            'S' => CharacterSet.Spaces.Negated(),
            _ => null,
        };
        set = found ?? CharacterSet.Any;
        text.At += found is null ? 0 : 1;
        return found is not null;
    }

    /// <summary>An escape that stands for one character.</summary>
    public static int Letter(RegexText text)
    {
        var at = text.At;
        var letter = text.Next();
        return letter switch
        {
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            'x' => Hexadecimal(text, at),
            >= '0' and <= '7' => Octal(text, at, letter),
            < 128 when !char.IsAsciiLetterOrDigit((char)letter) => letter,
            _ => throw RegexException.Syntax(at, "this escape is not known"),
        };
    }

    private static int Octal(RegexText text, int at, int first)
    {
        // Without a digit behind it, \1 would be what a group has captured.
        if (first != '0' && (text.AtEnd || text.Peek is < '0' or > '7'))
        {
            throw RegexException.Syntax(at, "what a group has captured cannot be asked for");
        }

        var value = first - '0';
        for (var i = 0; i < 2 && !text.AtEnd && text.Peek is >= '0' and <= '7'; i++)
        {
            value = (value * 8) + text.Peek - '0';
            text.At++;
        }

        return value;
    }

    private static int Hexadecimal(RegexText text, int at)
    {
        var braces = text.Take('{');
        var value = 0;
        var digits = 0;
        for (; !text.AtEnd && char.IsAsciiHexDigit(text.Peek) && digits < (braces ? 8 : 2); digits++)
        {
            value = (value << 4) | Convert.ToInt32(text.Peek.ToString(), 16);
            text.At++;
        }

        if (digits == 0 || (braces ? !text.Take('}') : digits < 2) || (uint)value > CharacterSet.Last)
        {
            throw RegexException.Syntax(at, "\\x takes two hexadecimal digits, or the number of a character in braces");
        }

        return value;
    }
}

using System.Globalization;
using System.Text;

namespace Weft.Wasm.Regexes;

/// <summary>A pattern that is read character by character.</summary>
internal sealed class RegexText(string pattern)
{
    public int At { get; set; }

    public bool AtEnd => At == pattern.Length;

    public char Peek => pattern[At];

    public RegexException Wrong(string message) => RegexException.Syntax(At, message);

    public bool Take(char letter)
    {
        var there = !AtEnd && pattern[At] == letter;
        At += there ? 1 : 0;
        return there;
    }

    public bool Take(string text)
    {
        var there = pattern.AsSpan(At).StartsWith(text, StringComparison.Ordinal);
        At += there ? text.Length : 0;
        return there;
    }

    /// <summary>The next character, which may be two of the string's.</summary>
    public int Next()
    {
        if (AtEnd)
        {
            throw Wrong("it ends too early");
        }

        if (!Rune.TryGetRuneAt(pattern, At, out var letter))
        {
            throw Wrong("half of a character stands here");
        }

        At += letter.Utf16SequenceLength;
        return letter.Value;
    }

    /// <summary>Takes <c>P&lt;name&gt;</c> or <c>&lt;name&gt;</c>.</summary>
    public bool TryTakeName()
    {
        var start = At;
        if (!Take("P<") && !Take('<'))
        {
            return false;
        }

        var name = At;
        while (!AtEnd && (char.IsAsciiLetterOrDigit(Peek) || Peek == '_'))
        {
            At++;
        }

        if (At > name && Take('>'))
        {
            return true;
        }

        At = start;
        return false;
    }

    /// <summary>
    /// Takes <c>{2}</c>, <c>{2,}</c> or <c>{2,3}</c>. A brace that is none of them is a character like others.
    /// </summary>
    public bool TryTakeBounds(out int least, out int most)
    {
        (least, most) = (0, -1);
        var start = At;
        if (Take('{') && TryTakeNumber(out least))
        {
            var comma = Take(',');
            var bounded = TryTakeNumber(out most) && comma;
            most = !comma ? least : bounded ? most : -1;
            if (Take('}'))
            {
                return true;
            }
        }

        At = start;
        return false;
    }

    /// <summary>Whether bounds stand at a place.</summary>
    public bool HasBounds(int at)
    {
        var back = At;
        At = at;
        var there = TryTakeBounds(out _, out _);
        At = back;
        return there;
    }

    private bool TryTakeNumber(out int number)
    {
        var start = At;
        while (!AtEnd && char.IsAsciiDigit(Peek))
        {
            At++;
        }

        // Too many digits are a number that is too great.
        var digits = pattern.AsSpan(start, At - start);
        var fits = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        number = fits || digits.Length == 0 ? number : int.MaxValue;
        return digits.Length > 0;
    }
}

using System.Globalization;
using System.Text;

namespace Weft.Proxy.Routing;

/// <summary>
/// Rewrites a pattern of RE2 as one of .NET. The two differ silently: RE2's <c>\d \w \s</c> know ASCII only, its
/// <c>$</c> never matches before a last line end, and it numbers named groups in the order of their brackets.
/// </summary>
internal sealed class Re2Translation(string pattern)
{
    /// <summary>How many atoms a pattern may have when its counted repetitions are written out.</summary>
    private const int LargestSize = 4000;

    private const int LargestCount = 1000;
    private readonly StringBuilder _out = new();
    private readonly Stack<int> _outer = new();
    private int _at;
    private int _size;
    private int _last;

    /// <exception cref="FormatException">It is not a pattern of RE2.</exception>
    public string Read()
    {
        while (_at < pattern.Length)
        {
            ReadOne(pattern[_at++]);
        }

        if (_outer.Count > 0)
        {
            throw new FormatException("a bracket is not closed");
        }

        return _out.ToString();
    }

    private void ReadOne(char c)
    {
        switch (c)
        {
            case '(':
                Open();
                break;
            case ')':
                Close();
                break;
            case '[':
                var members = new Re2Class(pattern, _at);
                _at = members.Read();
                Atom(members.ToString());
                break;
            case '\\':
                Escape();
                break;
            case '{':
                Count();
                break;
            case '$':
                _out.Append(@"\z");
                break;
            case '^' or '|' or '*' or '+' or '?':
                _out.Append(c);
                break;
            case '.':
                Atom(".");
                break;
            default:
                Atom(Re2Class.Literal(c));
                break;
        }
    }

    private void Open()
    {
        if (_outer.Count > 100)
        {
            throw new FormatException("brackets are nested too deeply");
        }

        if (At("?P<") || At("?<"))
        {
            var end = pattern.IndexOf('>', _at);
            var name = end < 0 ? "" : pattern[(pattern.IndexOf('<', _at) + 1)..end];
            if (name.Length == 0 || !name.All(n => char.IsAsciiLetterOrDigit(n) || n == '_'))
            {
                throw new FormatException("a group's name is not one");
            }

            _at = end + 1;
            _out.Append('(');
        }
        else if (At("?"))
        {
            var end = pattern.AsSpan(_at).IndexOfAny(':', ')');
            if (end < 0 || pattern.AsSpan(_at + 1, end - 1).ContainsAnyExcept("ims-"))
            {
                throw new FormatException($"'({pattern.AsSpan(_at, Math.Min(3, pattern.Length - _at))}' is unknown");
            }

            _out.Append('(').Append(pattern, _at, end + 1);
            _at += end + 1;
            if (pattern[_at - 1] == ')')
            {
                return;
            }
        }
        else
        {
            _out.Append('(');
        }

        _outer.Push(_size);
        _size = 0;
    }

    private void Close()
    {
        if (!_outer.TryPop(out var outer))
        {
            throw new FormatException("a bracket is closed that was not opened");
        }

        _out.Append(')');
        _last = Math.Max(1, _size);
        _size = Bounded(outer + _last);
    }

    private void Escape()
    {
        if (_at == pattern.Length)
        {
            throw new FormatException(@"it ends with \");
        }

        var c = pattern[_at];
        switch (c)
        {
            case 'A' or 'z' or 'b' or 'B':
                _at++;
                _out.Append('\\').Append(c);
                break;
            case 'Q':
                var end = pattern.IndexOf(@"\E", _at, StringComparison.Ordinal);
                var literal = pattern[(_at + 1)..(end < 0 ? pattern.Length : end)];
                _at = end < 0 ? pattern.Length : end + 2;
                foreach (var l in literal)
                {
                    Atom(Re2Class.Literal(l));
                }

                break;
            default:
                var members = new Re2Class(pattern, _at - 1);
                _at = members.ReadMember();
                Atom(members.ToString());
                break;
        }
    }

    /// <summary>A counted repetition; or, as in RE2, a literal bracket where none can be read.</summary>
    private void Count()
    {
        var end = pattern.IndexOf('}', _at);
        var parts = end < 0 ? [] : pattern[_at..end].Split(',');
        if (parts.Length is 0 or > 2 || !IsNumber(parts[0])
            || (parts.Length == 2 && parts[1] != "" && !IsNumber(parts[1])))
        {
            Atom(@"\{");
            return;
        }

        var most = parts.Max(p => p == "" ? 0
            : p.Length > 4 ? int.MaxValue : int.Parse(p, CultureInfo.InvariantCulture));
        if (most > LargestCount)
        {
            throw new FormatException($"it repeats more than {LargestCount} times");
        }

        _out.Append('{').Append(pattern, _at, end + 1 - _at);
        _at = end + 1;
        var grown = _last * Math.Max(1, most);
        _size = Bounded(_size + grown - _last);
        _last = grown;
    }

    private void Atom(string text)
    {
        _out.Append(text);
        _last = 1;
        _size = Bounded(_size + 1);
    }

    private static int Bounded(int size) =>
        size <= LargestSize ? size : throw new FormatException("it is too large when its repetitions are written out");

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private bool At(string text) => string.CompareOrdinal(pattern, _at, text, 0, text.Length) == 0;
}

using System.Globalization;
using System.Text;

namespace Weft.Proxy.Routing;

/// <summary>
/// Reads a character class of RE2, or one escape, from a place in a pattern; every member becomes a number.
/// </summary>
internal sealed class Re2Class(string pattern, int at)
{
    private readonly StringBuilder _members = new();
    private int _at = at;
    private bool _negated;

    /// <summary>How .NET's classes and patterns write a character that stands for itself.</summary>
    public static string Literal(char c) => $@"\u{(int)c:X4}";

    /// <summary>Reads what follows the opening bracket. Returns the place after the closing one.</summary>
    public int Read()
    {
        _negated = Take('^');
        var first = true;
        while (first || Peek() != ']')
        {
            ReadMember();
            first = false;
        }

        return _at + 1;
    }

    /// <summary>Reads one member: a character, a range, or a named set. Returns the place after it.</summary>
    public int ReadMember()
    {
        if (Peek() == '[' && Next(1) == ':')
        {
            Named();
        }
        else if (Peek() == '\\' && Next(1) is 'd' or 'D' or 'w' or 'W' or 's' or 'S')
        {
            _at += 2;
            var set = Set(char.ToLowerInvariant(pattern[_at - 1]));
            _members.Append(char.IsAsciiLetterUpper(pattern[_at - 1]) ? Complement(set) : Written(set));
        }
        else if (Peek() == '\\' && Next(1) is 'p' or 'P')
        {
            Property();
        }
        else
        {
            Range();
        }

        return _at;
    }

    public override string ToString() => $"[{(_negated ? "^" : "")}{_members}]";

    private void Range()
    {
        var from = Character();
        var to = from;
        if (_at < pattern.Length - 1 && pattern[_at] == '-' && pattern[_at + 1] != ']')
        {
            _at++;
            to = Character();
        }

        if (to < from)
        {
            throw new FormatException("a range is upside down");
        }

        _members.Append(Written([(from, to)]));
    }

    private char Character()
    {
        var c = Peek();
        _at++;
        if (c != '\\')
        {
            return c;
        }

        c = Peek();
        _at++;
        return c switch
        {
            'a' => '\a',
            'f' => '\f',
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'v' => '\v',
            'x' => Hexadecimal(),
            _ when c < 0x80 && !char.IsAsciiLetterOrDigit(c) => c,
            _ => throw new FormatException($@"\{c} is unknown"),
        };
    }

    private char Hexadecimal()
    {
        var end = Take('{') ? pattern.IndexOf('}', _at) : _at + 2;
        if (end < 0 || end > pattern.Length
            || !ushort.TryParse(pattern.AsSpan(_at, end - _at), NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture, out var code))
        {
            throw new FormatException(@"\x has no number up to FFFF");
        }

        _at = end < pattern.Length && pattern[end] == '}' ? end + 1 : end;
        return (char)code;
    }

    private void Property()
    {
        var negated = Next(1) == 'P';
        _at += 2;
        var name = Peek().ToString();
        _at++;
        if (name == "{")
        {
            var end = pattern.IndexOf('}', _at);
            name = end < 0 ? "" : pattern[_at..end];
            _at = end + 1;
        }

        if (name.StartsWith('^'))
        {
            (negated, name) = (!negated, name[1..]);
        }

        // .NET knows the general categories; scripts are refused by it.
        if (name.Length is 0 or > 2)
        {
            throw new FormatException($"the property '{name}' is unknown");
        }

        _members.Append(negated ? @"\P{" : @"\p{").Append(name).Append('}');
    }

    private void Named()
    {
        var end = pattern.IndexOf(":]", _at, StringComparison.Ordinal);
        var name = end < 0 ? "" : pattern[(_at + 2)..end];
        var negated = name.StartsWith('^');
        var set = Set(negated ? name[1..] : name);
        _members.Append(negated ? Complement(set) : Written(set));
        _at = end + 2;
    }

    private static (char From, char To)[] Set(char escape) => escape switch
    {
        'd' => [('0', '9')],
        'w' => [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        _ => [('\t', '\n'), ('\f', '\r'), (' ', ' ')],
    };

    private static (char From, char To)[] Set(string name) => name switch
    {
        "alnum" => [('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => [('A', 'Z'), ('a', 'z')],
        "ascii" => [('\0', '\x7F')],
        "blank" => [('\t', '\t'), (' ', ' ')],
        "cntrl" => [('\0', '\x1F'), ('\x7F', '\x7F')],
        "digit" => [('0', '9')],
        "graph" => [('!', '~')],
        "lower" => [('a', 'z')],
        "print" => [(' ', '~')],
        "punct" => [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => [('\t', '\r'), (' ', ' ')],
        "upper" => [('A', 'Z')],
        "word" => Set('w'),
        "xdigit" => [('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => throw new FormatException($"[:{name}:] is unknown"),
    };

    private static string Written((char From, char To)[] set) =>
        string.Concat(set.Select(s => s.From == s.To ? Literal(s.From) : $"{Literal(s.From)}-{Literal(s.To)}"));

    /// <param name="set">Ascending.</param>
    private static string Complement((char From, char To)[] set)
    {
        var gaps = new List<(char, char)>();
        var next = 0;
        foreach (var (from, to) in set)
        {
            if (next < from)
            {
                gaps.Add(((char)next, (char)(from - 1)));
            }

            next = to + 1;
        }

        return Written([.. gaps, ((char)next, char.MaxValue)]);
    }

    private char Peek() =>
        _at < pattern.Length ? pattern[_at] : throw new FormatException("a class or escape is cut short");

    private char Next(int ahead) => _at + ahead < pattern.Length ? pattern[_at + ahead] : '\0';

    private bool Take(char c)
    {
        var there = _at < pattern.Length && pattern[_at] == c;
        _at += there ? 1 : 0;
        return there;
    }
}

namespace Weft.Wasm.Regexes;

/// <summary>What stands in square brackets. The first of them is taken already.</summary>
internal static class RegexClass
{
    private static readonly (string Name, (int, int)[] Ranges)[] Named =
    [
        ("alnum", [('0', '9'), ('A', 'Z'), ('a', 'z')]),
        ("alpha", [('A', 'Z'), ('a', 'z')]),
        ("ascii", [(0, 127)]),
        ("blank", [('\t', '\t'), (' ', ' ')]),
        ("cntrl", [(0, 31), (127, 127)]),
        ("digit", [('0', '9')]),
        ("graph", [('!', '~')]),
        ("lower", [('a', 'z')]),
        ("print", [(' ', '~')]),
        ("punct", [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
        ("space", [('\t', '\r'), (' ', ' ')]),
        ("upper", [('A', 'Z')]),
        ("word", [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
        ("xdigit", [('0', '9'), ('A', 'F'), ('a', 'f')]),
    ];

    public static CharacterSet Parse(RegexText text, bool fold)
    {
        var start = text.At - 1;
        var negated = text.Take('^');
        var sets = new List<CharacterSet>();
        // A bracket that comes first is a character like others.
        do
        {
            if (text.AtEnd)
            {
                throw RegexException.Syntax(start, "a square bracket is not closed");
            }

            sets.Add(Item(text, fold));
        }
        while (text.AtEnd || !text.Take(']'));
        var set = CharacterSet.Union(sets);
        return negated ? set.Negated() : set;
    }

    private static CharacterSet Item(RegexText text, bool fold)
    {
        if (TryNamed(text, out var named))
        {
            return fold ? named.Folded() : named;
        }

        var escaped = text.Take('\\');
        if (escaped && RegexEscape.TrySet(text, out var set))
        {
            return set;
        }

        var at = text.At;
        var first = escaped ? RegexEscape.Letter(text) : text.Next();
        var dash = text.At;
        if (!text.Take('-') || text.AtEnd || text.Peek == ']')
        {
            // A dash that comes last is a character like others.
            text.At = dash;
            return Range(first, first, fold);
        }

        var last = text.Take('\\') ? RegexEscape.Letter(text) : text.Next();
        return last < first
            ? throw RegexException.Syntax(at, "a range ends before it begins")
            : Range(first, last, fold);
    }

    private static CharacterSet Range(int first, int last, bool fold)
    {
        var range = CharacterSet.Of((first, last));
        return fold ? range.Folded() : range;
    }

    private static bool TryNamed(RegexText text, out CharacterSet set)
    {
        set = CharacterSet.Any;
        if (!text.Take("[:"))
        {
            return false;
        }

        var negated = text.Take('^');
        foreach (var (name, ranges) in Named)
        {
            if (text.Take(name + ":]"))
            {
                set = CharacterSet.Of(ranges);
                set = negated ? set.Negated() : set;
                return true;
            }
        }

        throw text.Wrong("this class of characters is not known");
    }
}

using System.Collections.Immutable;

namespace Weft.Wasm.Regexes;

/// <summary>
/// Reads RE2's syntax. Groups are only brackets, and laziness means nothing: both change what is captured only.
/// </summary>
internal sealed class RegexParser
{
    private const int MaxDepth = 100;
    private const int MaxRepeat = 1000;

    private readonly RegexText _text;
    private RegexFlags _flags;
    private int _depth;

    private RegexParser(string pattern)
    {
        _text = new RegexText(pattern);
    }

    public static RegexNode Parse(string pattern)
    {
        if (pattern.Length > RegexTable.MaxPattern)
        {
            throw RegexException.Size($"it has {pattern.Length} characters, more than {RegexTable.MaxPattern}");
        }

        var parser = new RegexParser(pattern);
        var tree = parser.Choice();
        return parser._text.AtEnd ? tree : throw parser._text.Wrong("a closing bracket has no opening one");
    }

    private RegexNode Choice()
    {
        if (++_depth > MaxDepth)
        {
            throw _text.Wrong($"groups stand more than {MaxDepth} deep within each other");
        }

        var parts = ImmutableArray.CreateBuilder<RegexNode>();
        do
        {
            parts.Add(Sequence());
        }
        while (_text.Take('|'));
        _depth--;
        return parts.Count == 1 ? parts[0] : new RegexNode.Choice(parts.ToImmutable());
    }

    private RegexNode.Sequence Sequence()
    {
        var parts = ImmutableArray.CreateBuilder<RegexNode>();
        while (!_text.AtEnd && _text.Peek is not ('|' or ')'))
        {
            if (_text.Take("\\Q"))
            {
                AddQuoted(parts);
                continue;
            }

            if (_text.Take("(?") && TakeFlagsOnly())
            {
                continue;
            }

            parts.Add(Repeated(Atom()));
        }

        return new RegexNode.Sequence(parts.ToImmutable());
    }

    private void AddQuoted(ImmutableArray<RegexNode>.Builder parts)
    {
        while (!_text.AtEnd && !_text.Take("\\E"))
        {
            var letter = Letter(_text.Next());
            if (_text.Take("\\E"))
            {
                // What follows repeats the last quoted character only.
                parts.Add(Repeated(letter));
                return;
            }

            parts.Add(letter);
        }
    }

    // `(?i)` changes what follows in its group. Otherwise the place is given back, just before the group.
    private bool TakeFlagsOnly()
    {
        var start = _text.At;
        var flags = _flags;
        if (RegexFlags.TryTake(_text, ref flags) && _text.Take(')'))
        {
            _flags = flags;
            return true;
        }

        _text.At = start - 2;
        return false;
    }

    private RegexNode Repeated(RegexNode part)
    {
        var at = _text.At;
        if (!TakeRepeat(out var least, out var most))
        {
            return part;
        }

        _text.Take('?');
        var second = _text.At;
        if (TakeRepeat(out _, out _))
        {
            throw RegexException.Syntax(second, "a repetition is repeated; put it in a group");
        }

        if (least > MaxRepeat || most > MaxRepeat || (most >= 0 && most < least))
        {
            throw RegexException.Syntax(at, $"a repetition goes from 0 to {MaxRepeat}, the lesser number first");
        }

        return new RegexNode.Repeat(part, least, most);
    }

    private bool TakeRepeat(out int least, out int most)
    {
        (least, most) = (0, -1);
        if (_text.Take('*'))
        {
            return true;
        }

        if (_text.Take('+'))
        {
            least = 1;
            return true;
        }

        if (_text.Take('?'))
        {
            most = 1;
            return true;
        }

        return _text.TryTakeBounds(out least, out most);
    }

    private RegexNode Atom()
    {
        var at = _text.At;
        var letter = _text.Next();
        switch (letter)
        {
            case '(':
                return Group(at);
            case '[':
                return new RegexNode.Letter(RegexClass.Parse(_text, _flags.IgnoreCase));
            case '.':
                return new RegexNode.Letter(_flags.DotAll ? CharacterSet.Any : CharacterSet.AnyButNewline);
            case '^':
                return new RegexNode.Place(_flags.Lines ? RegexPlace.LineStart : RegexPlace.TextStart);
            case '$':
                return new RegexNode.Place(_flags.Lines ? RegexPlace.LineEnd : RegexPlace.TextEnd);
            case '\\':
                return Escape();
            case '*' or '+' or '?':
            case '{' when _text.HasBounds(at):
                throw RegexException.Syntax(at, "a repetition has nothing before it");
            default:
                return Letter(letter);
        }
    }

    private RegexNode Group(int at)
    {
        var flags = _flags;
        if (_text.Take('?') && !_text.TryTakeName() && !(RegexFlags.TryTake(_text, ref _flags) && _text.Take(':')))
        {
            throw _text.Wrong("this kind of group is not known");
        }

        var inner = Choice();
        if (!_text.Take(')'))
        {
            throw RegexException.Syntax(at, "a bracket is not closed");
        }

        _flags = flags;
        return inner;
    }

    private RegexNode Escape()
    {
        if (RegexEscape.TryPlace(_text, out var place))
        {
            return new RegexNode.Place(place);
        }

        return RegexEscape.TrySet(_text, out var set) ? new RegexNode.Letter(set) : Letter(RegexEscape.Letter(_text));
    }

    private RegexNode.Letter Letter(int letter)
    {
        var set = CharacterSet.Of((letter, letter));
        return new RegexNode.Letter(_flags.IgnoreCase ? set.Folded() : set);
    }
}

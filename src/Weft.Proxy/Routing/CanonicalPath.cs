using System.Globalization;
using System.Text;

namespace Weft.Proxy.Routing;

/// <summary>
/// Paths as browsers and Envoy (by the same library) make them canonical: dot segments go, also escaped ones;
/// backslashes become slashes; escapes of characters that need none are undone once; characters that need one are
/// escaped.
/// </summary>
internal sealed class CanonicalPath
{
    private const string Escaped = "\"<>^`{|}";
    private readonly string _path;
    private readonly StringBuilder _out;
    private int _at;

    /// <summary>Where the last percent sign stands that begins no escape.</summary>
    private int _stray = int.MinValue;

    private CanonicalPath(string path)
    {
        _path = path;
        _out = new(path.Length);
    }

    /// <summary>Null where the path holds an escaped NUL, which is refused.</summary>
    /// <param name="path">Visible ASCII that begins with a slash, without query.</param>
    public static string? Of(string path) => new CanonicalPath(path).Run();

    private string? Run()
    {
        while (_at < _path.Length)
        {
            var c = _path[_at];
            if (DotAt(_at) is > 0 and var dot)
            {
                Dot(dot);
            }
            else if (c == '%')
            {
                if (!Percent())
                {
                    return null;
                }
            }
            else
            {
                _at++;
                _ = Escaped.Contains(c, StringComparison.Ordinal)
                    ? _out.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}")
                    : _out.Append(c == '\\' ? '/' : c);
            }
        }

        return _out.ToString();
    }

    /// <summary>The length of a dot, escaped or not; 0 where there is none.</summary>
    private int DotAt(int at) =>
        at < _path.Length && _path[at] == '.' ? 1
        : string.Compare(_path, at, "%2e", 0, 3, StringComparison.OrdinalIgnoreCase) == 0 ? 3
        : 0;

    private void Dot(int length)
    {
        var after = _at + length;
        if (_out[^1] == '/')
        {
            if (EndOfSegment(after) is { } same)
            {
                _at = same;
                return;
            }

            if (DotAt(after) is > 0 and var second && EndOfSegment(after + second) is { } up)
            {
                _at = up;
                Up();
                return;
            }
        }

        _out.Append('.');
        _at = after;
    }

    /// <summary>The place after the slash, where a segment ends at <paramref name="at"/>.</summary>
    private int? EndOfSegment(int at) =>
        at >= _path.Length ? at : _path[at] is '/' or '\\' ? at + 1 : null;

    private void Up()
    {
        var slash = _out.Length - 1;
        while (slash > 0 && _out[--slash] != '/')
        {
        }

        _out.Length = slash + 1;
    }

    /// <summary>False for NUL.</summary>
    private bool Percent()
    {
        if (_at + 2 >= _path.Length || !IsEscape(_path[_at + 1], _path[_at + 2]))
        {
            _stray = _out.Length;
            _out.Append('%');
            _at++;
            return true;
        }

        var c = (char)int.Parse(_path.AsSpan(_at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '~')
        {
            _out.Append(c);
            _at += 3;
            Guard(c);
            return true;
        }

        _out.Append(_path, _at, 3);
        _at += 3;
        return c != '\0';
    }

    /// <summary>
    /// Where undoing one escape would make another one of a stray percent sign, that sign is escaped.
    /// </summary>
    private void Guard(char last)
    {
        var isSecond = _stray == _out.Length - 3;
        var isFirst = _stray == _out.Length - 2 && _at < _path.Length;
        if (isSecond ? IsEscape(_out[_stray + 1], last) : isFirst && IsEscape(last, _path[_at]))
        {
            _out.Insert(_stray + 1, "25");
        }
    }

    private static bool IsEscape(char first, char second) =>
        char.IsAsciiHexDigit(first) && char.IsAsciiHexDigit(second);
}

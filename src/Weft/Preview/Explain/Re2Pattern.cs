using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Weft.Preview;

/// <summary>
/// Envoy's regular expressions (RE2) as .NET's, without backtracking, so that no pattern takes long. What the two write
/// differently is translated; what cannot be is not compiled, and then nothing is said about it.
/// </summary>
internal static class Re2Pattern
{
    private const int MostCharacters = 4096;

    // RE2's own bound on a counted repetition, and on the product of those that are nested.
    private const int MostRepeats = 1000;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>The pattern for a whole text; null where it is none that can be judged here.</summary>
    public static Regex? Compile(string pattern)
    {
        if (pattern.Length > MostCharacters || new Translation(pattern).Run() is not { } translated)
        {
            return null;
        }

        try
        {
            return new Regex(
                $@"\A(?:{translated})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MostTime);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    public static bool? Fits(Regex? compiled, string text)
    {
        try
        {
            return compiled?.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private sealed class Translation(string pattern)
    {
        private readonly StringBuilder _out = new();

        // For each open group, the largest number of repeats within it; and that of what was read last.
        private readonly Stack<int> _groups = new([1]);
        private int _last = 1;
        private int _at;

        public string? Run()
        {
            while (_at < pattern.Length)
            {
                if (!(pattern[_at] switch
                {
                    '\\' => Escape(inClass: false),
                    '[' => Class(),
                    '(' => Open(),
                    ')' => Close(),
                    '{' => Repeat(),
                    '$' => Put(@"\z", 1),
                    var one => Put(one.ToString(), 1),
                }))
                {
                    return null;
                }
            }

            return _out.ToString();
        }

        private bool Put(string text, int read)
        {
            _out.Append(text);
            _at += read;
            _last = 1;
            return true;
        }

        private bool Open()
        {
            _groups.Push(1);
            if (Ahead("(?P<"))
            {
                return Put("(?<", 4);
            }

            if (!Ahead("(?"))
            {
                return Put("(", 1);
            }

            // Of all that .NET begins so, RE2 has names and flags: no looking around, no atoms. Its U and m differ.
            var end = pattern.AsSpan(_at + 2).IndexOfAny(':', ')');
            var flags = end < 0 ? "" : pattern.Substring(_at + 2, end);
            if (end >= 0 && flags.All(c => c is 'i' or 's' or '-'))
            {
                if (pattern[_at + 2 + end] == ')')
                {
                    _groups.Pop();
                }

                return Put(pattern.Substring(_at, end + 3), end + 3);
            }

            return Ahead("(?<") && _at + 3 < pattern.Length && char.IsAsciiLetter(pattern[_at + 3]) && Put("(?<", 3);
        }

        private bool Close()
        {
            var within = _groups.Count > 1 ? _groups.Pop() : 1;
            Put(")", 1);
            _last = within;
            Note(within);
            return true;
        }

        private bool Repeat()
        {
            var end = pattern.IndexOf('}', _at);
            var counts = end < 0 ? [] : pattern[(_at + 1)..end].Split(',');
            if (counts is not [{ Length: > 0 }, ..] || counts.Length > 2
                || counts.Any(c => c.Length > 0 && !int.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            {
                return Put(@"\{", 1);
            }

            var most = counts.Max(c => c.Length == 0 ? 1 : int.Parse(c, NumberStyles.None, CultureInfo.InvariantCulture));
            var product = (long)Math.Max(1, most) * _last;
            if (product > MostRepeats)
            {
                return false;
            }

            Put(pattern[_at..(end + 1)], end + 1 - _at);
            Note((int)product);
            return true;
        }

        private void Note(int repeats) => _groups.Push(Math.Max(_groups.Pop(), repeats));

        private bool Class()
        {
            _out.Append('[');
            _at++;
            if (Ahead("^"))
            {
                Put("^", 1);
            }

            for (var first = true; _at < pattern.Length; first = false)
            {
                if (pattern[_at] == ']' && !first)
                {
                    return Put("]", 1);
                }

                if (pattern[_at] == '\\' ? !Escape(inClass: true) : !Member())
                {
                    return false;
                }
            }

            return false;
        }

        private bool Member()
        {
            if (Ahead("[:"))
            {
                var end = pattern.IndexOf(":]", _at, StringComparison.Ordinal);
                return end > 0 && Classes.TryGetValue(pattern[(_at + 2)..end], out var members)
                    && Put(members, end + 2 - _at);
            }

            // A bracket within brackets would begin a subtraction in .NET.
            return Put(pattern[_at] is '[' or ']' ? "\\" + pattern[_at] : pattern[_at].ToString(), 1);
        }

        // RE2's classes are of ASCII, those of .NET of all of Unicode.
        private bool Escape(bool inClass)
        {
            if (_at + 1 >= pattern.Length)
            {
                return false;
            }

            string Set(string members) => inClass ? members : $"[{members}]";
            var letter = pattern[_at + 1];
            return letter switch
            {
                'd' => Put(Set("0-9"), 2),
                'D' => Put(Set(@"\x00-/:-\uFFFF"), 2),
                'w' => Put(Set("0-9A-Za-z_"), 2),
                'W' => Put(Set(@"\x00-/:-@\[-\^`{-\uFFFF"), 2),
                's' => Put(Set(@"\t\n\f\r "), 2),
                'S' => Put(Set(@"\x00-\x08\x0B\x0E-\x1F!-\uFFFF"), 2),
                'Q' when !inClass => Quoted(),
                'x' when Ahead(@"\x{") => CodePoint(),
                'x' or 'a' or 'f' or 't' or 'n' or 'r' or 'v' => Put(pattern.Substring(_at, 2), 2),
                'b' or 'B' or 'A' or 'z' when !inClass => Put(pattern.Substring(_at, 2), 2),
                _ when char.IsAsciiLetterOrDigit(letter) => false,
                _ => Put(Regex.Escape(letter.ToString()) is { Length: 2 } escaped ? escaped : "\\" + letter, 2),
            };
        }

        private bool Quoted()
        {
            var end = pattern.IndexOf(@"\E", _at, StringComparison.Ordinal);
            var text = end < 0 ? pattern[(_at + 2)..] : pattern[(_at + 2)..end];
            return Put(Regex.Escape(text), text.Length + (end < 0 ? 2 : 4));
        }

        private bool CodePoint()
        {
            var end = pattern.IndexOf('}', _at);
            return end > 0
                && int.TryParse(
                    pattern.AsSpan(_at + 3, end - _at - 3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                && code is >= 0 and <= 0xFFFF
                && Put(string.Create(CultureInfo.InvariantCulture, $"\\u{code:X4}"), end + 1 - _at);
        }

        private bool Ahead(string text) => string.CompareOrdinal(pattern, _at, text, 0, text.Length) == 0;
    }
}

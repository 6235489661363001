using YamlDotNet.Core;

namespace Weft.Translation.Raw;

/// <summary>YAML text (or JSON, which is YAML) as nodes, one per document, within bounds. Never throws.</summary>
internal static class RawDocuments
{
    /// <summary>The longest file, in characters.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>
    /// The documents, or null when the text is no YAML or beyond a bound: that is then among the findings.
    /// </summary>
    public static List<RawNode>? Load(string text, RawFindings found)
    {
        if (text.Length > MaxLength)
        {
            found.FileError(
                RawCodes.OverLimit, $"The file has {text.Length} characters; at most {MaxLength} are read.",
                "split it");
            return null;
        }

        // A byte order mark is no part of the text, and the scanner would take it for the start of a key.
        text = text.TrimStart('\uFEFF');
        if (FindForbidden(text) is var forbidden and >= 0)
        {
            found.Error(
                RawCodes.Syntax, MarkOf(text, forbidden), $"The character U+{(int)text[forbidden]:X4} is not allowed.");
            return null;
        }

        var scanner = new Scanner(new StringReader(text), skipComments: true);
        try
        {
            return new RawComposer(new Parser(scanner), found).ReadAll();
        }
        catch (YamlException mistake)
        {
            found.Error(RawCodes.Syntax, Within(text, MarkOf(mistake.Start)), $"This is not YAML: {mistake.Message}");
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            // The scanner also throws InvalidOperationException and others on text it does not expect.
            found.Error(
                RawCodes.Syntax,
                Within(text, MarkOf(scanner.CurrentPosition)),
                "This is not YAML: something is cut off here.");
        }

        return null;
    }

    public static TextMark MarkOf(in Mark mark) => new((int)mark.Line, (int)mark.Column);

    /// <summary>
    /// YAML 1.2.2 §5.1: no control characters, no lone surrogates. The scanner would silently drop them.
    /// </summary>
    private static int FindForbidden(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter < ' ' ? letter is not ('\t' or '\n' or '\r') : letter is '\u007F' or '\uFFFE' or '\uFFFF')
            {
                return i;
            }

            if (char.IsSurrogate(letter))
            {
                if (!char.IsHighSurrogate(letter) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                {
                    return i;
                }

                i++;
            }
        }

        return -1;
    }

    /// <summary>The scanner counts one line break too many at the end of the text.</summary>
    private static TextMark Within(string text, TextMark mark)
    {
        var end = MarkOf(text, text.Length);
        return mark.Line > end.Line ? end : mark;
    }

    private static TextMark MarkOf(string text, int index)
    {
        var before = text.AsSpan(0, index);
        return new(before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }
}

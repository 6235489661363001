using System.Globalization;
using System.Text;

namespace Weft.Bpf.Build.Text;

/// <summary>Names and texts of C as C# has them.</summary>
internal static class CSharpName
{
    private const int MostDocumented = 160;

    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue",
        "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally",
        "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long",
        "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public",
        "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch",
        "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void",
        "volatile", "while",
        // No type may be called so.
        "record", "var", "dynamic", "file", "field", "required", "scoped", "notnull", "nint", "nuint", "unmanaged", "where", "partial", "extension",
    ];

    public static bool IsIdentifier(string name) =>
        name.Length is > 0 and <= 256 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(IsPart) && !Keywords.Contains(name);

    /// <summary><c>source_port</c> is SourcePort, <c>KIND_EXEC</c> KindExec.</summary>
    public static string Pascal(string c)
    {
        var result = new StringBuilder();
        foreach (var word in Words(c))
        {
            var isShouted = word.Length > 1 && !word.Any(char.IsAsciiLetterLower);
            result.Append(char.ToUpperInvariant(word[0])).Append(isShouted ? word[1..].ToLowerInvariant() : word[1..]);
        }

        return result.Length == 0 ? "_" : char.IsAsciiDigit(result[0]) ? $"_{result}" : result.ToString();
    }

    /// <summary>A string of C#, quoted.</summary>
    public static string Literal(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c is >= ' ' and <= '~' and not ('"' or '\\')
                ? result.Append(c)
                : result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return result.Append('"').ToString();
    }

    /// <summary>C in a comment of documentation: on one line, and no longer than helps.</summary>
    public static string Documented(string c)
    {
        var line = new StringBuilder();
        foreach (var part in c.Length > MostDocumented ? c[..MostDocumented] + "..." : c)
        {
            _ = part switch
            {
                '<' => line.Append("&lt;"),
                '>' => line.Append("&gt;"),
                '&' => line.Append("&amp;"),
                >= ' ' and <= '~' => line.Append(part),
                _ => line.Append('?'),
            };
        }

        return line.ToString();
    }

    private static string[] Words(string c) =>
        new string([.. c.Select(letter => IsPart(letter) ? letter : '_')]).Split('_', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Weft.Wasm.Regexes;

namespace Weft.Wasm.Tests.Regexes;

/// <summary>Random patterns against the framework's engine without backtracking, on random texts.</summary>
public sealed class RegexPropertyTests
{
    // What means the same to both is written the same; where the framework goes beyond ASCII, or takes a last line
    // break for nothing, its own words for it stand behind.
    private static readonly (string Ours, string Theirs)[] Atoms =
    [
        ("a", "a"), ("b", "b"), ("A", "A"), ("1", "1"), ("_", "_"), (" ", " "), ("\\n", "\\n"), ("\\.", "\\."), ("\u00e9", "\u00e9"),
        (".", "."), ("[ab]", "[ab]"), ("[^a]", "[^a]"), ("[a-c\u00e0-\u00ff]", "[a-c\u00e0-\u00ff]"), ("[^\\n]", "[^\\n]"),
        ("\\d", "[0-9]"), ("\\w", "[0-9A-Za-z_]"), ("\\W", "[^0-9A-Za-z_]"), ("\\s", "[\\t\\n\\f\\r ]"), ("[\\w-]", "[0-9A-Za-z_-]"),
        ("[[:upper:]]", "[A-Z]"), ("\\x61", "a"), ("(?s:.)", "(?s:.)"), ("(?i:a)", "(?i:a)"), ("(?i:[^b])", "(?i:[^b])"),
    ];

    private static readonly (string Ours, string Theirs)[] Places =
    [
        ("^", "\\A"), ("$", "\\z"), ("\\A", "\\A"), ("\\z", "\\z"), ("(?m:^)", "(?m:^)"), ("(?m:$)", "(?m:$)"),
    ];

    // The framework's words hold letters beyond ASCII: these stand only where the text holds none.
    private static readonly (string Ours, string Theirs)[] Edges = [("\\b", "\\b"), ("\\B", "\\B")];

    private static readonly int Rounds = Environment.GetEnvironmentVariable("WEFT_SOAK") == "1" ? 200_000 : 1_000;

    [Fact]
    public void Whole_texts_match_as_the_framework_says() =>
        Compare(Places, Texts("a", "b", "A", "1", "_", " ", "\n", ".", "\u00e9", "\u20ac", "-"), RegexExtent.Whole);

    [Fact]
    public void Edges_of_words_match_as_the_framework_says() =>
        Compare(
            [.. Edges, .. Edges, .. Places],
            Texts("a", "b", "A", "1", "_", " ", "\n", ".", "-"),
            RegexExtent.Whole);

    [Fact]
    public void Parts_of_texts_match_as_the_framework_says() =>
        Compare([.. Edges, .. Places], Texts("a", "b", "A", "1", "_", " ", "\n", "."), RegexExtent.Part);

    [Fact]
    public void Any_pattern_is_compiled_or_refused()
    {
        var letters = "()[]{}|*+?^$\\.-,:<>=!PQEiasdwbx019".Select(c => c.ToString()).Append("\u00e9").ToArray();
        Gen.Int[0, letters.Length - 1].Array[0, 14].Select(a => string.Concat(a.Select(i => letters[i]))).Sample(
            pattern => RegexTable.TryCompile(pattern, RegexExtent.Whole, out _, out var mistake)
                || mistake.Code is "WEFT6201" or "WEFT6202",
            iter: Rounds);
    }

    private static void Compare((string Ours, string Theirs)[] places, Gen<string> text, RegexExtent extent)
    {
        var pattern = Pattern(places, 3);
        Gen.Select(pattern, text.Array[8]).Sample(
            (p, texts) =>
            {
                if (!RegexTable.TryCompile(p.Ours, extent, out var table, out var mistake))
                {
                    Assert.Equal("WEFT6202", mistake.Code);
                    return;
                }

                var whole = extent == RegexExtent.Whole ? $"\\A(?:{p.Theirs})\\z" : p.Theirs;
                var regex = new Regex(whole, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
                foreach (var t in texts)
                {
                    Assert.Equal(
                        $"{p.Ours} on {Regex.Escape(t)}: {regex.IsMatch(t)}",
                        $"{p.Ours} on {Regex.Escape(t)}: {table.IsMatch(Encoding.UTF8.GetBytes(t))}");
                }
            },
            iter: Rounds);
    }

    private static Gen<string> Texts(params string[] letters) =>
        Gen.Int[0, letters.Length - 1].Array[0, 7].Select(a => string.Concat(a.Select(i => letters[i])));

    // Places within a repetition confuse the framework's engine: `(a|(?m:$)*)+` finds nothing in an empty text. They
    // are tested by hand.
    private static Gen<(string Ours, string Theirs)> Pattern((string Ours, string Theirs)[] places, int depth)
    {
        (string Ours, string Theirs)[] atoms = [.. Atoms, .. places];
        var atom = Gen.Int[0, atoms.Length - 1].Select(i => atoms[i]);
        if (depth == 0)
        {
            return atom;
        }

        var several = Pattern(places, depth - 1).Array[0, 4];
        var repeated = Pattern([], depth - 1);
        var bounds = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool);
        return Gen.OneOf(
            atom,
            several.Select(parts => Both(parts, "")),
            several.Select(parts => Both(parts, "|")).Select(p => ($"({p.Item1})", $"(?:{p.Item2})")),
            Gen.Select(repeated, Sdk.Bytes.OneOf("*", "+", "?", "*?", "{2}", "{1,}")).Select((p, r) => Repeated(p, r)),
            Gen.Select(repeated, bounds).Select((p, b) => Repeated(
                p, string.Create(CultureInfo.InvariantCulture, $"{{{b.Item1},{b.Item1 + b.Item2}}}") + (b.Item3 ? "?" : ""))));
    }

    private static (string, string) Both((string Ours, string Theirs)[] parts, string between) =>
        (string.Join(between, parts.Select(p => p.Ours)), string.Join(between, parts.Select(p => p.Theirs)));

    private static (string, string) Repeated((string Ours, string Theirs) part, string repeat) =>
        ($"(?:{part.Ours}){repeat}", $"(?:{part.Theirs}){repeat}");
}

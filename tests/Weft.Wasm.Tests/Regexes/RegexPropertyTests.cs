using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Weft.Testing;
using Weft.Wasm.Regexes;

namespace Weft.Wasm.Tests.Regexes;

/// <summary>
/// Random patterns on random texts, against what they mean: from which places of a text to which a pattern leads. What
/// single letters and places mean is what the framework says; of whole patterns its engines are no measure, as one
/// takes exponential time and the other loses matches of nothing within repetitions.
/// </summary>
public sealed class RegexPropertyTests
{
    // Longer than any text: one letter each time, or nothing.
    private const int Often = 16;

    // Ours, and the framework's where it goes beyond ASCII or takes a last line break for nothing.
    private static readonly Part[] Atoms =
    [
        Atom("a"), Atom("b"), Atom("A"), Atom("1"), Atom("_"), Atom(" "), Atom("\\n"), Atom("\\."), Atom("\u00e9"), Atom("."),
        Atom("[ab]"), Atom("[^a]"), Atom("[a-c\u00e0-\u00ff]"), Atom("[^\\n]"), Atom("\\d", "[0-9]"), Atom("\\w", "[0-9A-Za-z_]"),
        Atom("\\W", "[^0-9A-Za-z_]"), Atom("\\s", "[\\t\\n\\f\\r ]"), Atom("[\\w-]", "[0-9A-Za-z_-]"), Atom("[[:upper:]]", "[A-Z]"),
        Atom("\\x61"), Atom("(?s:.)"), Atom("(?i:a)"), Atom("(?i:[^b])"),
    ];

    private static readonly Part[] Places =
        [Atom("^", "\\A"), Atom("$", "\\z"), Atom("\\A"), Atom("\\z"), Atom("(?m:^)"), Atom("(?m:$)")];

    // The framework's words hold letters beyond ASCII: these stand only where the text holds none.
    private static readonly Part[] Edges = [Atom("\\b"), Atom("\\B")];

    private static readonly int Rounds = Soak.Runs(1_000, 200_000);

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Whole_texts_match_as_the_pattern_means() =>
        Compare(Places, Texts("a", "b", "A", "1", "_", " ", "\n", ".", "\u00e9", "\u20ac", "-"), RegexExtent.Whole);

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Edges_of_words_match_as_the_pattern_means() =>
        Compare([.. Edges, .. Edges, .. Places], Texts("a", "b", "A", "1", "_", " ", "\n", ".", "-"), RegexExtent.Whole);

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Parts_of_texts_match_as_the_pattern_means() =>
        Compare([.. Edges, .. Places], Texts("a", "b", "A", "1", "_", " ", "\n", "."), RegexExtent.Part);

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Any_pattern_is_compiled_or_refused()
    {
        var letters = "()[]{}|*+?^$\\.-,:<>=!PQEiasdwbx019".Select(c => c.ToString()).Append("\u00e9").ToArray();
        Gen.Int[0, letters.Length - 1].Array[0, 14].Select(a => string.Concat(a.Select(i => letters[i]))).Sample(
            pattern => RegexTable.TryCompile(pattern, RegexExtent.Whole, out _, out var mistake)
                || mistake.Code is "WEFT6201" or "WEFT6202",
            iter: Rounds);
    }

    private static void Compare(Part[] places, Gen<string> text, RegexExtent extent) =>
        Gen.Select(Pattern([.. Atoms, .. places], 3), text.Array[8]).Sample(
            (pattern, texts) =>
            {
                if (!RegexTable.TryCompile(pattern.Text, extent, out var table, out var mistake))
                {
                    Assert.Equal("WEFT6202", mistake.Code);
                    return;
                }

                foreach (var t in texts)
                {
                    var isMatch = extent == RegexExtent.Whole
                        ? (pattern.Lead(t, 1) >> t.Length & 1) != 0
                        : pattern.Lead(t, (2u << t.Length) - 1) != 0;
                    Assert.Equal(
                        $"{pattern.Text} on {Regex.Escape(t)}: {isMatch}",
                        $"{pattern.Text} on {Regex.Escape(t)}: {table.IsMatch(Encoding.UTF8.GetBytes(t))}");
                }
            },
            iter: Rounds);

    private static Gen<string> Texts(params string[] letters) =>
        Gen.Int[0, letters.Length - 1].Array[0, 7].Select(a => string.Concat(a.Select(i => letters[i])));

    private static Gen<Part> Pattern(Part[] atoms, int depth)
    {
        var atom = Gen.Int[0, atoms.Length - 1].Select(i => atoms[i]);
        if (depth == 0)
        {
            return atom;
        }

        var inner = Pattern(atoms, depth - 1);
        var bounds = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool);
        return Gen.OneOf(
            atom,
            inner.Array[0, 4].Select(InTurn),
            inner.Array[0, 4].Select(OneOf),
            Gen.Select(inner, Sdk.Bytes.OneOf("*", "*?")).Select((p, sign) => Repeated(p, sign, 0, Often)),
            Gen.Select(inner, Sdk.Bytes.OneOf("+", "{1,}")).Select((p, sign) => Repeated(p, sign, 1, Often)),
            inner.Select(p => Repeated(p, "?", 0, 1)),
            inner.Select(p => Repeated(p, "{2}", 2, 2)),
            Gen.Select(inner, bounds).Select((p, b) => Repeated(
                p,
                string.Create(CultureInfo.InvariantCulture, $"{{{b.Item1},{b.Item1 + b.Item2}}}") + (b.Item3 ? "?" : ""),
                b.Item1,
                b.Item1 + b.Item2)));
    }

    private static Part Atom(string ours, string? theirs = null)
    {
        var regex = new Regex($"\\G(?:{theirs ?? ours})", RegexOptions.CultureInvariant);
        return new Part(ours, (text, starts) =>
        {
            var ends = 0u;
            for (var start = 0; start <= text.Length; start++)
            {
                if ((starts >> start & 1) != 0 && regex.Match(text, start) is { Success: true } match)
                {
                    ends |= 1u << (match.Index + match.Length);
                }
            }

            return ends;
        });
    }

    private static Part InTurn(Part[] parts) => new(
        string.Concat(parts.Select(p => p.Text)),
        (text, starts) => parts.Aggregate(starts, (places, part) => part.Lead(text, places)));

    private static Part OneOf(Part[] parts) => new(
        $"({string.Join("|", parts.Select(p => p.Text))})",
        (text, starts) => parts.Length == 0 ? starts : parts.Aggregate(0u, (ends, part) => ends | part.Lead(text, starts)));

    private static Part Repeated(Part part, string sign, int least, int most) => new(
        $"(?:{part.Text}){sign}",
        (text, starts) =>
        {
            var (places, ends) = (starts, 0u);
            for (var times = 0; times <= most; times++)
            {
                ends |= times >= least ? places : 0;
                places = part.Lead(text, places);
            }

            return ends;
        });

    /// <summary>A pattern, and where it leads to: the places of a text, a bit each, where it may end if it begins at some.</summary>
    private sealed record Part(string Text, Func<string, uint, uint> Lead);
}

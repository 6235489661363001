using System.Collections.Immutable;
using System.Text;

namespace Weft.Wasm.Regexes;

/// <summary>Characters, as ranges of code points in their order, with gaps between them.</summary>
internal sealed class CharacterSet
{
    public const int Last = 0x10ffff;

    // Larger sets of letters beyond ASCII are taken to hold both cases already.
    private const int MostFolded = 4096;

    private CharacterSet(ImmutableArray<(int First, int Last)> ranges)
    {
        Ranges = ranges;
    }

    public static CharacterSet Any { get; } = Of((0, Last));

    public static CharacterSet AnyButNewline { get; } = Of(('\n', '\n')).Negated();

    public static CharacterSet Digits { get; } = Of(('0', '9'));

    public static CharacterSet Words { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    // RE2's \s: without the vertical tab, which [[:space:]] has.
    public static CharacterSet Spaces { get; } = Of(('\t', '\n'), ('\f', '\r'), (' ', ' '));

    public ImmutableArray<(int First, int Last)> Ranges { get; }

    public static CharacterSet Of(params IEnumerable<(int First, int Last)> ranges)
    {
        var joined = ImmutableArray.CreateBuilder<(int First, int Last)>();
        foreach (var (first, last) in ranges.Order())
        {
            if (joined.Count > 0 && first <= joined[^1].Last + 1)
            {
                joined[^1] = (joined[^1].First, Math.Max(joined[^1].Last, last));
            }
            else
            {
                joined.Add((first, last));
            }
        }

        return new CharacterSet(joined.ToImmutable());
    }

    public static CharacterSet Union(IEnumerable<CharacterSet> sets) => Of(sets.SelectMany(s => s.Ranges));

    public CharacterSet Negated()
    {
        var gaps = new List<(int, int)>();
        var next = 0;
        foreach (var (first, last) in Ranges)
        {
            if (first > next)
            {
                gaps.Add((next, first - 1));
            }

            next = last + 1;
        }

        if (next <= Last)
        {
            gaps.Add((next, Last));
        }

        return Of(gaps);
    }

    /// <summary>With the other case of each letter.</summary>
    public CharacterSet Folded()
    {
        var letters = Ranges.Select(r => (First: Math.Max(r.First, 0), r.Last)).ToList();
        if (letters.Sum(r => (long)r.Last - r.First + 1) > MostFolded)
        {
            // At least its part of ASCII.
            letters = [.. letters.Where(r => r.First < 128).Select(r => (r.First, Math.Min(r.Last, 127)))];
        }

        var folded = new List<(int, int)>(Ranges);
        foreach (var (first, last) in letters)
        {
            for (var letter = first; letter <= last; letter++)
            {
                folded.AddRange(OtherCases(letter).Select(other => (other, other)));
            }
        }

        return Of(folded);
    }

    private static IEnumerable<int> OtherCases(int letter)
    {
        if (!Rune.IsValid(letter))
        {
            yield break;
        }

        yield return Rune.ToLowerInvariant(new Rune(letter)).Value;
        yield return Rune.ToUpperInvariant(new Rune(letter)).Value;
        // The two letters of ASCII that have a third form: the Kelvin sign and the long s.
        switch (letter)
        {
            case 'k' or 'K':
                yield return 0x212a;
                break;
            case 's' or 'S':
                yield return 0x17f;
                break;
            case 0x212a:
                yield return 'K';
                break;
            case 0x17f:
                yield return 's';
                break;
            default:
                break;
        }
    }
}

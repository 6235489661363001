using System.Globalization;
using System.Text;

namespace Weft.Preview;

/// <summary>How numbers and foreign texts are written for people.</summary>
internal static class Words
{
    private const int MostShown = 80;

    /// <summary>A share from 0 to 1 as <c>12.5 %</c>; what is not nothing is never written as 0 %.</summary>
    public static string Percent(double share)
    {
        var percent = share * 100;
        var digits = percent is > 0 and < 0.1 || percent is > 99.9 and < 100 ? "0.####" : "0.#";
        return percent.ToString(digits, CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>A text that somebody else wrote: bounded, on one line, and without what could steer a terminal.</summary>
    public static string Shown(string text, int most = MostShown)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= most)
            {
                shown.Append('…');
                break;
            }

            _ = IsSafe(rune)
                ? shown.Append(rune.ToString())
                : shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        }

        return shown.ToString();
    }

    /// <summary><c>1 proxy</c>, <c>5 proxies</c>.</summary>
    public static string Count(int number, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : many)}");

    /// <summary>The first few, and how many more there are.</summary>
    public static string Some(IReadOnlyCollection<string> all, int most = 5) =>
        string.Join(", ", all.Take(most)) + (all.Count > most ? $", … ({all.Count - most} more)" : "");

    // Directional marks are format characters: they would show a line in another order than it is.
    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}

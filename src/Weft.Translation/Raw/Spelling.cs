namespace Weft.Translation.Raw;

/// <summary>Finds what was probably meant.</summary>
internal static class Spelling
{
    private const int MostEdits = 2;

    /// <summary>No name of the API is longer: longer input is not compared.</summary>
    private const int Longest = 200;

    /// <summary>The candidate at most two edits away, the nearest and then the first by alphabet; or null.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length > Longest)
        {
            return null;
        }

        string? best = null;
        var least = MostEdits + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - word.Length) > MostEdits)
            {
                continue;
            }

            var edits = Edits(word, candidate);
            if (edits < least || (edits == least && string.CompareOrdinal(candidate, best) < 0))
            {
                (best, least) = (candidate, edits);
            }
        }

        // Two edits turn any short word into any other.
        return least < word.Length && least <= MostEdits ? best : null;
    }

    /// <summary>Levenshtein's distance: single letters put in, taken out or changed.</summary>
    private static int Edits(string from, string to)
    {
        Span<int> row = stackalloc int[to.Length + 1];
        for (var j = 0; j <= to.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}

namespace Weft.Manifests.Decoding;

/// <summary>Guesses what somebody meant to write.</summary>
internal static class Spelling
{
    private const int MaxDistance = 2;
    private const int MaxLength = 64;

    /// <summary>The candidate that is nearest to <paramref name="word"/>, null where none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates, int maxDistance = MaxDistance) =>
        word.Length > MaxLength
            ? null
            : candidates
                .Where(c => Math.Abs(c.Length - word.Length) <= maxDistance)
                .Select(c => (Word: c, Distance: Distance(word.ToLowerInvariant(), c.ToLowerInvariant())))
                .Where(c => c.Distance <= maxDistance && c.Distance < c.Word.Length)
                .OrderBy(c => c.Distance).ThenBy(c => c.Word, StringComparer.Ordinal)
                .Select(c => c.Word)
                .FirstOrDefault();

    /// <summary>How many letters to insert, to remove or to replace (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

namespace Weft.Wasm.Checking;

// The name that was probably meant.
internal static class NearestName
{
    private const int MaxChanges = 3;
    private const int MaxLength = 64;

    // Null where none is near.
    public static string? Of(string written, IEnumerable<string> names) =>
        written.Length > MaxLength
            ? null
            : names.Where(n => Math.Abs(n.Length - written.Length) <= MaxChanges)
                .Select(n => (Name: n, Changes: Changes(written, n)))
                .Where(n => n.Changes <= MaxChanges)
                .OrderBy(n => n.Changes).ThenBy(n => n.Name, StringComparer.Ordinal)
                .FirstOrDefault().Name;

    // How many characters must be put in, taken out or replaced (Levenshtein).
    private static int Changes(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}

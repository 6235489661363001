namespace Weft.Xds.Streams;

/// <summary>
/// Which resources a client's words on a rejection are about. Envoy writes "Error adding/updating cluster(s) NAME: …",
/// gRPC "resource index 0: NAME: …" or the like; what all have in common is the name.
/// </summary>
internal static class NamesInText
{
    // A name that is part of a longer one: "web" in "web.shop" or "web:80".
    private const string Joints = ".:/|@";

    /// <summary>Those of <paramref name="names"/> that stand in the text as words of their own.</summary>
    public static string[] Of(string text, IReadOnlyCollection<string> names)
    {
        var claimed = new List<(int Start, int End)>();
        var found = new List<string>();
        foreach (var name in names.OrderByDescending(name => name.Length))
        {
            var count = claimed.Count;
            for (var at = Next(text, name, 0); at >= 0; at = Next(text, name, at + 1))
            {
                var (start, end) = (at, at + name.Length);
                if (IsWord(text, start, end) && !claimed.Exists(c => c.Start <= start && end <= c.End))
                {
                    claimed.Add((start, end));
                }
            }

            if (claimed.Count > count)
            {
                found.Add(name);
            }
        }

        return [.. found];
    }

    private static int Next(string text, string name, int from) =>
        from + name.Length > text.Length ? -1 : text.IndexOf(name, from, StringComparison.Ordinal);

    private static bool IsWord(string text, int start, int end) =>
        !(start > 0 && (IsPart(text[start - 1]) || (Joints.Contains(text[start - 1]) && start > 1 && IsPart(text[start - 2]))))
        && !(end < text.Length && (IsPart(text[end]) || (Joints.Contains(text[end]) && end + 1 < text.Length && IsPart(text[end + 1]))));

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';
}

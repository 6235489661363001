namespace Weft.Translation.Raw;

/// <summary>How a piece of the user's text is shown in a message: short and on one line.</summary>
internal static class Shown
{
    private const int Longest = 100;

    /// <summary>Cut and without control characters.</summary>
    public static string Plain(string text, int longest = Longest)
    {
        var cut = text.Length > longest ? string.Concat(text.AsSpan(0, longest - 1), "…") : text;
        return cut.Any(char.IsControl)
            ? string.Concat(cut.Select(letter => char.IsControl(letter) ? ' ' : letter))
            : cut;
    }

    /// <summary>The same in single quotes.</summary>
    public static string Quoted(string text) => $"'{Plain(text)}'";
}

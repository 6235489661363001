namespace Weft.Manifests.Yaml;

/// <summary>Words of a file as messages show them: in quotes, on one line, and not long.</summary>
internal static class Excerpt
{
    private const int MaxLength = 120;

    public static string Of(string text)
    {
        var shown = new string([.. text.Take(MaxLength).Select(c => char.IsControl(c) ? ' ' : c)]);
        return text.Length > MaxLength ? $"'{shown}…'" : $"'{shown}'";
    }
}

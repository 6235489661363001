using System.Text;

namespace Weft.Agent.Text;

/// <summary>Names in objects are whatever their authors wrote: a terminal must not obey them.</summary>
internal static class Plain
{
    /// <summary>Text in one line.</summary>
    public static string Line(string text) => Without(text, char.IsControl, ' ');

    /// <summary>Text in as many lines as it has.</summary>
    public static string Lines(string text) => Without(text, c => char.IsControl(c) && c != '\n', ' ');

    private static string Without(string text, Func<char, bool> isBad, char instead)
    {
        if (!text.Any(isBad))
        {
            return text;
        }

        var result = new StringBuilder(text);
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = isBad(result[i]) ? instead : result[i];
        }

        return result.ToString();
    }
}

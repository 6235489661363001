using System.Globalization;
using System.Text;
using Weft.Agent.Text;

namespace Weft.Agent.Commands;

/// <summary>What became of programs, for people.</summary>
internal static class LoadText
{
    private const int ShownLines = 6;

    public static string Of(List<LoadView> results)
    {
        var table = new Table("PROGRAM", "RESULT", ">INSTRUCTIONS", "SECTION");
        foreach (var result in results)
        {
            table.Add(
                result.Name, result.Loaded ? "loaded" : "REFUSED",
                result.Instructions == 0 ? "" : result.Instructions.ToString(CultureInfo.InvariantCulture), result.Section);
        }

        var text = new StringBuilder();
        table.Write(text);
        foreach (var same in results.Where(r => !r.Loaded).GroupBy(r => (r.Error, r.Log)))
        {
            // A map that is refused is why all are.
            Refusal(text, same.First(), string.Join(", ", same.Select(r => r.Name)));
        }

        return text.Append('\n').Append(CultureInfo.InvariantCulture, $"{results.Count(r => r.Loaded)} of {results.Count} programs loaded\n").ToString();
    }

    private static void Refusal(StringBuilder text, LoadView result, string names)
    {
        text.Append('\n').Append(Plain.Line(names)).Append('\n');
        var log = (result.Log ?? "").Split('\n').Where(l => l.Trim().Length > 0).ToList();

        // The message has the log's end in one line; below it stands line by line.
        text.Append("  ").Append(Plain.Line(log.Count == 0 ? result.Error ?? "" : Head(result.Error ?? ""))).Append('\n');
        if (log.Count > ShownLines)
        {
            text.Append(CultureInfo.InvariantCulture, $"  | … {log.Count - ShownLines} lines before: --json has them\n");
        }

        foreach (var line in log.TakeLast(ShownLines))
        {
            text.Append("  | ").Append(Plain.Line(line.TrimEnd())).Append('\n');
        }
    }

    private static string Head(string error)
    {
        var bar = error.IndexOf(" | ", StringComparison.Ordinal);
        return bar < 0 ? error : error[..bar];
    }
}

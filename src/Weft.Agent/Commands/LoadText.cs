using System.Text;

namespace Weft.Agent.Commands;

/// <summary>What became of programs, for people.</summary>
internal static class LoadText
{
    public static string Of(List<LoadView> results)
    {
        var text = new StringBuilder();
        var width = results.Count == 0 ? 0 : results.Max(r => r.Name.Length);
        foreach (var result in results)
        {
            text.Append(result.Name.PadRight(width)).Append("  ")
                .AppendLine(result.Loaded ? $"loaded, {result.Instructions} instructions  ({result.Section})" : $"REFUSED  ({result.Section})");
            if (result.Error is { } error)
            {
                text.Append("  ").AppendLine(error);
            }
        }

        return text.AppendLine($"{results.Count(r => r.Loaded)} of {results.Count} programs loaded").ToString();
    }
}

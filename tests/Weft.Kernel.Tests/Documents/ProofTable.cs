using System.Text.RegularExpressions;
using Weft.Testing;

namespace Weft.Kernel.Tests.Documents;

/// <summary>A table of a page under docs/, whose last column names the tests that prove its rows.</summary>
internal sealed partial record ProofTable(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public static ProofTable Read(string page)
    {
        var lines = File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", page)).Where(line => line.StartsWith('|')).Select(Cells).ToList();
        return new(lines[0], lines[2..]);
    }

    /// <summary>What a column has in a row.</summary>
    public string Cell(IReadOnlyList<string> row, string title) => row[Titles.ToList().IndexOf(title)];

    /// <summary>The words of a cell that stand in code marks, but for those behind the word "guest".</summary>
    public static IEnumerable<string> Names(string cell) => Code().Matches(GuestCheck().Replace(cell, "")).Select(m => m.Groups[1].Value);

    /// <summary>The checks of guests that a cell names.</summary>
    public static IEnumerable<string> GuestChecks(string cell) => GuestCheck().Matches(cell).Select(m => m.Groups[1].Value);

    // A bar within code marks is written with a backslash.
    private static List<string> Cells(string line) => [.. Bar().Split(line.Trim().Trim('|')).Select(cell => cell.Trim())];

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("guest `([^`]+)`")]
    private static partial Regex GuestCheck();
}

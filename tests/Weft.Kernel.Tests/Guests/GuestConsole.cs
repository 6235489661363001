namespace Weft.Kernel.Tests.Guests;

/// <summary>What a test machine has written to its console: lines of its kernel, and of its checks among them.</summary>
internal sealed record GuestConsole(IReadOnlyList<string> Lines)
{
    private const int Last = 40;

    public static GuestConsole Parse(string text) =>
        new([.. text.Split('\n').Select(line => line.Trim('\r', ' ')).Where(line => line.Length > 0)]);

    public IReadOnlyList<string> Failed => Beginning("not ok ");

    public IReadOnlyList<string> Skipped => Beginning("skip ");

    public int Passed => Beginning("ok ").Count;

    /// <summary>Whether a check was made, and nothing was wrong.</summary>
    public bool HasPassed(string check) => Lines.Contains($"ok {check}");

    /// <summary>Whether all checks were made, and as many lines came through as the machine has counted.</summary>
    public bool IsWhole => Lines.Contains($"done {Passed} {Failed.Count} {Skipped.Count}");

    /// <summary>What matters when something is wrong.</summary>
    public string Why => string.Join('\n', IsWhole ? Failed : [.. Failed, "the machine did not come to its end; last it wrote:", .. Lines.TakeLast(Last)]);

    private List<string> Beginning(string word) => [.. Lines.Where(line => line.StartsWith(word, StringComparison.Ordinal))];
}

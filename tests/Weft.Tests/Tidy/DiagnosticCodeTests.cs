using System.Text.RegularExpressions;

namespace Weft.Tests.Tidy;

public sealed partial class DiagnosticCodeTests
{
    private static readonly HashSet<string> InSources =
    [
        .. SourceTree.Under("src", ".cs")
            .SelectMany(f => QuotedCode().Matches(SourceTree.Read(f)))
            .Select(m => m.Groups[1].Value),
    ];

    private static readonly List<string> Documented =
    [
        .. SourceTree.Lines("docs/diagnostics.md")
            .Select(l => Row().Match(l))
            .Where(m => m.Success)
            .Select(m => m.Groups[1].Value),
    ];

    [Fact]
    public void Every_code_is_documented_and_no_other()
    {
        // Those of the plugin compiler come last.
        var ordered = InSources.OrderBy(c => c.StartsWith("PW", StringComparison.Ordinal)).ThenBy(c => c, StringComparer.Ordinal);
        Assert.Equal(ordered, Documented);
    }

    [Fact]
    public void Every_code_is_produced_by_a_test()
    {
        var tested = SourceTree.Under("tests", "").Where(f => !f.Contains("/Tidy/", StringComparison.Ordinal))
            .Intersect(SourceTree.TextFiles)
            .SelectMany(f => Code().Matches(SourceTree.Read(f)).Select(m => m.Value));
        Rule.Holds("a test produces each diagnostic", InSources.Except(tested).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("\"((?:WEFT|PW)[0-9]{4})\"")]
    private static partial Regex QuotedCode();

    [GeneratedRegex("(?:WEFT|PW)[0-9]{4}")]
    private static partial Regex Code();

    // All four columns filled in.
    [GeneratedRegex(@"^\| ((?:WEFT|PW)[0-9]{4}) \| (?:error|warning|info) \| [^|]+ \| [^|]+ \|$")]
    private static partial Regex Row();
}

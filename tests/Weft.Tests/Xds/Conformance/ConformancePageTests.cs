using Weft.Testing;

namespace Weft.Tests.Xds.Conformance;

public sealed class ConformancePageTests
{
    private static readonly Statement[] All = [.. ConformancePage.Sections.SelectMany(s => s.Statements)];

    [Fact]
    public void The_page_is_what_the_tests_make_of_it()
    {
        Golden.Matches(ConformancePage.Render(), "../../../../docs/protocols/xds-conformance.md");
    }

    [Fact]
    public void A_statement_has_a_test()
    {
        Assert.Equal([], All.Where(s => !ConformancePage.Tests.Contains(s.Id)).Select(s => s.Id));
    }

    [Fact]
    public void A_test_is_named_after_a_statement()
    {
        var known = All.Select(s => s.Id).ToHashSet();
        Assert.Equal([], ConformancePage.Tests.Where(t => !known.Contains(t.Key)).SelectMany(t => t));
        Assert.Equal(All.Length, known.Count);
    }
}

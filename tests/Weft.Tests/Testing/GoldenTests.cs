using Weft.Testing;
using Xunit.Sdk;

namespace Weft.Tests.Testing;

public sealed class GoldenTests
{
    [Fact]
    public void The_file_beside_the_test_is_compared()
    {
        Golden.Matches("one\ntwo\n", "golden/two-lines.txt");
    }

    [Fact]
    public void A_difference_names_its_line()
    {
        Assert.SkipWhen(Updating, "would rewrite the file with the wrong text");
        var failure = Assert.Throws<FailException>(() => Golden.Matches("one\nzwei\n", "golden/two-lines.txt"));
        Assert.Contains(
            "two-lines.txt:2\n  expected: two\n  actual:   zwei\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("UPDATE_GOLDEN=1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_says_how_to_write_it()
    {
        Assert.SkipWhen(Updating, "would write the file");
        var failure = Assert.Throws<FailException>(() => Golden.Matches("", "golden/no-such-file.txt"));
        Assert.Contains("UPDATE_GOLDEN=1", failure.Message, StringComparison.Ordinal);
    }

    private static bool Updating => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";
}

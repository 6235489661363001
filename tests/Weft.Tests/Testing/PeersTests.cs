using Weft.Testing;
using Xunit.Sdk;

namespace Weft.Tests.Testing;

public sealed class PeersTests
{
    [Fact]
    public void A_program_in_the_path_is_found()
    {
        Assert.True(File.Exists(Peers.Require("sh")));
    }

    [Fact]
    public void A_missing_program_skips_the_test_and_is_named()
    {
        // Not Assert.Throws: it lets a skip pass through and would skip this test.
        var skip = Catch(() => Peers.Require("no-such-peer"));
        Assert.NotNull(skip);
        Assert.Contains("'no-such-peer'", skip.Message, StringComparison.Ordinal);
    }

    private static SkipException? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (SkipException e)
        {
            return e;
        }
    }
}

using Weft.Testing;

namespace Weft.EndToEnd.Tests;

public sealed class PeerTests
{
    [Fact]
    public async Task Envoy_runs_on_this_machine()
    {
        await using var envoy = ChildProcess.Start(Peers.Require("envoy"), ["--version"]);
        Assert.Equal(0, await envoy.WaitForExitAsync());
    }
}

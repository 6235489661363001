using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;
using Xunit.Sdk;

namespace Weft.EndToEnd.Tests;

public sealed class LoadTests
{
    [Fact]
    public async Task A_load_counts_every_answer_and_one_failure_is_enough()
    {
        await using var application = await Application.StartAsync("a");
        using var caller = new Caller(application.Port);
        await using var good = Load.Start(caller, "whatever");
        await good.OnlyAsync("a");
        await good.NoneFailedAsync();

        using var stranger = new Caller(FreePorts.Next());
        await using var bad = Load.Start(stranger, "whatever");
        await bad.ReachesAsync("a request", view => view.Total > 0);
        await Assert.ThrowsAnyAsync<XunitException>(bad.NoneFailedAsync);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Weft.Xds;

namespace Weft.Tests.Xds.Serving;

public sealed class OverloadSettingsTests
{
    public static TheoryData<string, OverloadSettings> Impossible => new()
    {
        { "MaxStreams", new() { MaxStreams = 0 } },
        { "MaxSyncing", new() { MaxSyncing = -1 } },
        { "NewStreamsPerSecond", new() { NewStreamsPerSecond = 0 } },
        { "MaxWaiting", new() { MaxWaiting = -1 } },
        { "MaxPushing", new() { MaxPushing = 0 } },
        { "MaxSyncTime", new() { MaxSyncTime = TimeSpan.Zero } },
        { "MaxWait", new() { MaxWait = TimeSpan.FromSeconds(-1) } },
        { "MaxConnectionAge", new() { MaxConnectionAge = TimeSpan.FromMilliseconds(999) } },
        { "MaxConnectionAgeGrace", new() { MaxConnectionAgeGrace = TimeSpan.FromDays(31) } },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_setting_that_cannot_be_is_named_at_the_start(string name, OverloadSettings settings)
    {
        var error = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddXds(new() { Overload = settings }));
        Assert.StartsWith($"{name} is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_set_can_be()
    {
        new ServiceCollection().AddXds(new() { Overload = new() { MaxConnectionAge = Timeout.InfiniteTimeSpan, MaxWaiting = 0 } });
    }
}

using Weft.Testing;
using Xunit.Sdk;

namespace Weft.Tests.Testing;

public sealed class EventuallyTests
{
    [Fact]
    public async Task It_asks_until_the_answer_is_as_wanted()
    {
        var asked = 0;
        var answer = await Eventually.GetAsync("the third answer", _ => Task.FromResult(++asked), n => n == 3);
        Assert.Equal(3, answer);
    }

    [Fact]
    public async Task A_refused_connection_means_not_yet()
    {
        var asked = 0;
        await Eventually.HoldsAsync(
            "a server", _ => ++asked < 3 ? throw new HttpRequestException("refused") : Task.FromResult(true));
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Lost_patience_tells_what_was_wanted_and_what_was_seen()
    {
        var failure = await Assert.ThrowsAsync<FailException>(() => Eventually.GetAsync(
            "the cluster is listed", _ => Task.FromResult("no clusters"), _ => false, TimeSpan.FromMilliseconds(40)));
        Assert.Contains("the cluster is listed", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no clusters", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_hangs_is_given_up()
    {
        await Assert.ThrowsAsync<FailException>(() => Eventually.HoldsAsync(
            "an answer",
            stop => Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => true, stop),
            TimeSpan.FromMilliseconds(40)));
    }
}

using Weft.Commands;

namespace Weft.Tests.Commands;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("20s", 20_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1m2s3ms", 62_003)]
    [InlineData("0s", 0)]
    public void A_duration_is_read(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), DurationText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("-1s")]
    [InlineData("1.5s")]
    [InlineData("1s1h")]
    [InlineData("123456s")]
    public void What_is_none_is_not(string text) => Assert.Null(DurationText.Parse(text));

    [Theory]
    [InlineData("run --drain 21s", "at most 20s")]
    [InlineData("run --drain soon", "'soon' is not a duration for --drain")]
    [InlineData("run --max-streams 0", "write one from 1 to 10000000")]
    [InlineData("run --max-new-streams many", "'many' is not a number for --max-new-streams")]
    [InlineData("run --max-connection-age 25h", "at most 24h")]
    public void An_option_out_of_bounds_is_told_with_them(string command, string says) => Assert.Contains(
        WeftCommand.Create().Parse(command).Errors, e => e.Message.Contains(says, StringComparison.Ordinal));

    [Fact]
    public void Options_within_bounds_are_taken() => Assert.Empty(WeftCommand.Create().Parse(
        "run --drain 20s --max-streams 10 --max-syncing 5 --max-new-streams 0 --max-connection-age 0s --publish-quiet 50ms "
        + "--publish-within 2s").Errors);
}

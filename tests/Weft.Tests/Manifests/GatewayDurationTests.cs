using Weft.Manifests.Decoding;

namespace Weft.Tests.Manifests;

public sealed class GatewayDurationTests
{
    [Theory]
    [InlineData("1h", 3_600_000)]
    [InlineData("1h2m3s4ms", 3_723_004)]
    [InlineData("500ms", 500)]
    [InlineData("0s", 0)]
    [InlineData("30m30m", 3_600_000)]
    [InlineData("99999h", 359_996_400_000)]
    public void A_duration_is_the_sum_of_its_parts(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), GatewayDuration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("s")]
    [InlineData("1.5s")]
    [InlineData("-1s")]
    [InlineData("1d")]
    [InlineData("1us")]
    [InlineData("1s ")]
    [InlineData("100000s")]
    [InlineData("1h1m1s1ms1ms")]
    [InlineData("٣s")]
    public void Anything_else_is_none(string text) => Assert.Null(GatewayDuration.Parse(text));
}

using Weft.Flow;

namespace Weft.Tests.Flow;

public sealed class BackoffTests
{
    private static readonly Backoff Sut = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(1, 250)]
    [InlineData(2, 500)]
    [InlineData(6, 8_000)]
    [InlineData(7, 15_000)]
    [InlineData(int.MaxValue, 15_000)]
    public void The_ceiling_doubles_with_each_failure_up_to_the_maximum(int failures, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Sut.Delay(failures, 0.5));

    [Fact]
    public void The_dice_choose_between_nothing_and_the_ceiling()
    {
        Assert.Equal(TimeSpan.Zero, Sut.Delay(3, 0));
        Assert.InRange(Sut.Delay(3, 0.999), TimeSpan.FromMilliseconds(1990), TimeSpan.FromMilliseconds(2000));
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, -0.1)]
    [InlineData(1, 1.1)]
    public void Arguments_out_of_range_are_refused(int failures, double dice) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sut.Delay(failures, dice));
}

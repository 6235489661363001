namespace Weft.Flow;

/// <summary>
/// Exponential back-off with full jitter: the delay before try n is drawn evenly from zero to
/// <c>min(Max, Initial · 2ⁿ)</c>. Pure: the attempt and the dice come in.
/// </summary>
/// <param name="Initial">The ceiling of the first delay.</param>
/// <param name="Max">The ceiling of every delay.</param>
public sealed record Backoff(TimeSpan Initial, TimeSpan Max)
{
    /// <summary>The delay before the next try.</summary>
    /// <param name="failures">How many tries have failed in a row, at least one.</param>
    /// <param name="dice">Evenly drawn from 0 (included) to 1 (excluded).</param>
    public TimeSpan Delay(int failures, double dice)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(dice);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dice, 1.0);
        // 2^62 ticks exceed any Max; the bound keeps the power finite.
        var ceiling = Math.Min(Max.Ticks, Initial.Ticks * Math.Pow(2, Math.Min(failures - 1, 62)));
        return TimeSpan.FromTicks((long)(ceiling * dice));
    }
}

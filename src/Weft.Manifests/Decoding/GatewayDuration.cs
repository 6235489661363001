namespace Weft.Manifests.Decoding;

/// <summary>
/// A duration of the Gateway API (GEP-2257): one to four parts of at most five digits and a unit,
/// <c>^([0-9]{1,5}(h|m|s|ms)){1,4}$</c>; a subset of what Go's <c>time.ParseDuration</c> reads.
/// </summary>
internal static class GatewayDuration
{
    private const int MaxParts = 4;
    private const int MaxDigits = 5;

    /// <summary>The duration, or null where <paramref name="text"/> is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        var sum = TimeSpan.Zero;
        var rest = text.AsSpan();
        for (var parts = 0; !rest.IsEmpty; parts++)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (parts == MaxParts || digits is < 1 or > MaxDigits || UnitAt(rest[digits..]) is not { } unit)
            {
                return null;
            }

            sum += int.Parse(rest[..digits], null) * unit.Length;
            rest = rest[(digits + unit.Letters)..];
        }

        return text.Length == 0 ? null : sum;
    }

    private static (TimeSpan Length, int Letters)? UnitAt(ReadOnlySpan<char> text) => text switch
    {
        ['m', 's', ..] => (TimeSpan.FromMilliseconds(1), 2),
        ['h', ..] => (TimeSpan.FromHours(1), 1),
        ['m', ..] => (TimeSpan.FromMinutes(1), 1),
        ['s', ..] => (TimeSpan.FromSeconds(1), 1),
        _ => null,
    };
}

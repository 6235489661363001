using System.Collections.Immutable;

namespace Weft.Proxy.Upstream;

/// <summary>The share of the traffic of one priority, in percent.</summary>
/// <param name="Panics">Whether so few of its endpoints are healthy that all of them get traffic.</param>
internal readonly record struct PriorityLoad(int Percent, bool Panics);

/// <summary>Envoy's spreading of traffic over priorities: a level gives away what it is too weak for.</summary>
internal static class PriorityLoads
{
    /// <summary>"overprovisioning_factor … default 140".</summary>
    public const long Overprovisioning = 140;

    /// <param name="levels">The endpoints of each priority.</param>
    /// <param name="panicThreshold">Below so many percent of healthy endpoints a level panics; 0 for never.</param>
    public static ImmutableArray<PriorityLoad> Of(ImmutableArray<(int Usable, int Total)> levels, double panicThreshold)
    {
        var health = levels
            .Select(l => l.Total == 0 ? 0 : Math.Min(100, Overprovisioning * l.Usable / l.Total)).ToArray();
        var available = Math.Min(100, health.Sum());
        var panics = levels.Select(l => available < 100 && Panics(l, panicThreshold)).ToArray();
        if (available == 0 || panics.All(p => p))
        {
            // "If all levels are in panic, the traffic is spread by the number of endpoints."
            var total = levels.Sum(l => (long)l.Total);
            return Spread(levels.Select(l => total == 0 ? 0 : 100L * l.Total / total).ToArray(), panics);
        }

        var left = 100L;
        var loads = new long[levels.Length];
        for (var i = 0; i < loads.Length; i++)
        {
            loads[i] = Math.Min(left, health[i] * 100 / available);
            left -= loads[i];
        }

        return Spread(loads, panics);
    }

    private static bool Panics((int Usable, int Total) level, double threshold) =>
        level.Total == 0 ? threshold > 0 : 100.0 * level.Usable / level.Total < threshold;

    /// <summary>What rounding left over goes to the first level that has any load.</summary>
    private static ImmutableArray<PriorityLoad> Spread(long[] loads, bool[] panics)
    {
        var first = Array.FindIndex(loads, l => l > 0);
        if (first >= 0)
        {
            loads[first] += 100 - loads.Sum();
        }

        return [.. loads.Zip(panics, (l, p) => new PriorityLoad((int)l, p))];
    }
}

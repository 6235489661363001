using System.Collections.Immutable;

namespace Weft.Proxy.Upstream;

/// <summary>A schedule in which each endpoint appears as often as it weighs, spread evenly.</summary>
internal static class WeightedSchedule
{
    private const int LongestSchedule = 4096;

    public static ImmutableArray<Endpoint> Of(ImmutableArray<Endpoint> endpoints, bool byLocality) =>
        Schedule(endpoints, Weights(endpoints, byLocality));

    /// <summary>The weights of all endpoints, which together are 1.</summary>
    public static double[] Shares(ImmutableArray<Endpoint> endpoints, bool byLocality)
    {
        var weights = Weights(endpoints, byLocality);
        var total = weights.Sum();
        return [.. weights.Select(w => w / total)];
    }

    private static double[] Weights(ImmutableArray<Endpoint> endpoints, bool byLocality)
    {
        if (!byLocality)
        {
            return [.. endpoints.Select(e => (double)e.Weight)];
        }

        var total = endpoints.GroupBy(e => e.Locality).ToDictionary(g => g.Key, g => g.Sum(e => (double)e.Weight));
        return [.. endpoints.Select(e => e.LocalityWeight * (e.Weight / total[e.Locality]))];
    }

    /// <summary>The smooth weighted round robin of nginx, run once for a whole turn.</summary>
    private static ImmutableArray<Endpoint> Schedule(ImmutableArray<Endpoint> endpoints, double[] weights)
    {
        var counts = Counts(weights);
        var total = counts.Sum();
        var credit = new long[counts.Length];
        var schedule = ImmutableArray.CreateBuilder<Endpoint>(total);
        for (var turn = 0; turn < total; turn++)
        {
            var best = 0;
            for (var i = 0; i < credit.Length; i++)
            {
                credit[i] += counts[i];
                best = credit[i] > credit[best] ? i : best;
            }

            credit[best] -= total;
            schedule.Add(endpoints[best]);
        }

        return schedule.MoveToImmutable();
    }

    /// <summary>How often each endpoint appears: exact where that is short enough, else near; at least once.</summary>
    private static int[] Counts(double[] weights)
    {
        var least = weights.Min();
        if (weights.All(w => w == least))
        {
            return [.. weights.Select(_ => 1)];
        }

        var divisor = Array.TrueForAll(weights, double.IsInteger) ? weights.Aggregate(GreatestCommonDivisor) : least;
        var longest = Math.Max(LongestSchedule, weights.Length);
        divisor = Math.Max(divisor, weights.Sum() / longest);
        return [.. weights.Select(w => Math.Max(1, (int)Math.Round(w / divisor)))];
    }

    private static double GreatestCommonDivisor(double a, double b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}

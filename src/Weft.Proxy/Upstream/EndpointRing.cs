using System.Collections.Immutable;

namespace Weft.Proxy.Upstream;

/// <summary>
/// Weighted round robin: a schedule in which each endpoint appears as often as it weighs, spread evenly, walked round
/// by all requests. Safe for any number of threads.
/// </summary>
internal sealed class EndpointRing
{
    private const int LongestSchedule = 4096;
    private readonly ImmutableArray<Endpoint> _schedule;
    private uint _next;

    private EndpointRing(ImmutableArray<Endpoint> schedule, uint start)
    {
        _schedule = schedule;
        _next = start;
    }

    /// <param name="dice">Where to begin, so that many proxies do not begin with the same endpoint.</param>
    public static EndpointRing Create(EndpointSet set, bool byLocality, double dice)
    {
        var usable = set.Endpoints.Where(e => e.Healthy && (!byLocality || e.LocalityWeight > 0)).ToArray();
        if (usable.Length == 0)
        {
            return new([], 0);
        }

        // Lower priorities get traffic only when no endpoint of a higher one is left.
        var first = usable.Min(e => e.Priority);
        var chosen = usable.Where(e => e.Priority == first).ToArray();
        var schedule = Schedule(chosen, Weights(chosen, byLocality));
        return new(schedule, (uint)(dice * schedule.Length));
    }

    /// <summary>The next endpoint; null where none is healthy.</summary>
    public Endpoint? Next() =>
        _schedule.IsEmpty ? null : _schedule[(int)(Interlocked.Increment(ref _next) % (uint)_schedule.Length)];

    /// <summary>The next endpoint that is not <paramref name="other"/>; null where there is none.</summary>
    public Endpoint? NextExcept(Endpoint other)
    {
        var start = Interlocked.Increment(ref _next);
        for (uint i = 0; i < _schedule.Length; i++)
        {
            var candidate = _schedule[(int)((start + i) % (uint)_schedule.Length)];
            if (candidate != other)
            {
                return candidate;
            }
        }

        return null;
    }

    private static double[] Weights(Endpoint[] endpoints, bool byLocality)
    {
        if (!byLocality)
        {
            return [.. endpoints.Select(e => (double)e.Weight)];
        }

        var total = endpoints.GroupBy(e => e.Locality).ToDictionary(g => g.Key, g => g.Sum(e => (double)e.Weight));
        return [.. endpoints.Select(e => e.LocalityWeight * (e.Weight / total[e.Locality]))];
    }

    /// <summary>The smooth weighted round robin of nginx, run once for a whole turn.</summary>
    private static ImmutableArray<Endpoint> Schedule(Endpoint[] endpoints, double[] weights)
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

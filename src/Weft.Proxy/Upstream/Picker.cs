using System.Collections.Immutable;

namespace Weft.Proxy.Upstream;

/// <summary>Chooses among some endpoints, at least one. Safe for any number of threads.</summary>
internal abstract class Picker
{
    /// <param name="hash">That of the request, or a random number.</param>
    /// <param name="attempt">0, or how many endpoints have been passed over for this try.</param>
    public abstract Endpoint Pick(ulong hash, int attempt);

    public static Picker Create(
        BalancerConfig config, ImmutableArray<Endpoint> endpoints, bool byLocality, Func<double> dice) => config switch
        {
            BalancerConfig.RoundRobin => new RoundRobinPicker(WeightedSchedule.Of(endpoints, byLocality), dice()),
            BalancerConfig.LeastRequest least => new LeastRequestPicker(
                WeightedSchedule.Of(endpoints, byLocality), least.Choices, dice),
            BalancerConfig.Drawn => new RandomPicker(endpoints, dice),
            BalancerConfig.RingHash ring => new RingHashPicker(endpoints, byLocality, ring),
            BalancerConfig.Maglev maglev => new MaglevPicker(endpoints, byLocality, maglev.TableSize),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}

/// <summary>Weighted round robin: the schedule is walked round by all requests.</summary>
/// <param name="start">Where to begin, so that many proxies do not begin with the same endpoint.</param>
internal sealed class RoundRobinPicker(ImmutableArray<Endpoint> schedule, double start) : Picker
{
    private uint _next = (uint)(start * schedule.Length);

    public override Endpoint Pick(ulong hash, int attempt) =>
        schedule[(int)(Interlocked.Increment(ref _next) % (uint)schedule.Length)];
}

/// <summary>
/// Of some drawn endpoints the one with the fewest requests under way; heavier ones are drawn oftener.
/// </summary>
internal sealed class LeastRequestPicker(ImmutableArray<Endpoint> schedule, int choices, Func<double> dice) : Picker
{
    public override Endpoint Pick(ulong hash, int attempt)
    {
        var best = schedule[(int)(dice() * schedule.Length)];
        for (var i = 1; i < choices; i++)
        {
            var other = schedule[(int)(dice() * schedule.Length)];
            best = other.State.Active.Value < best.State.Active.Value ? other : best;
        }

        return best;
    }
}

/// <summary>Any endpoint; as in Envoy weights do not count.</summary>
internal sealed class RandomPicker(ImmutableArray<Endpoint> endpoints, Func<double> dice) : Picker
{
    public override Endpoint Pick(ulong hash, int attempt) => endpoints[(int)(dice() * endpoints.Length)];
}

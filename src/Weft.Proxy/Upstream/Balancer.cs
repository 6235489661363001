using System.Collections.Immutable;

namespace Weft.Proxy.Upstream;

/// <summary>
/// Chooses among the endpoints of a cluster: first a priority, then an endpoint. It is made anew when endpoints or
/// their health change.
/// </summary>
internal sealed class Balancer
{
    private readonly ImmutableArray<(int Percent, Picker Picker)> _levels;
    private readonly ImmutableArray<Endpoint> _chosen;
    private readonly Func<double> _dice;
    private readonly bool _hashes;

    private Balancer(
        ImmutableArray<(int, Picker)> levels, ImmutableArray<Endpoint> chosen, bool hashes, Func<double> dice)
    {
        _levels = levels;
        _chosen = chosen;
        _hashes = hashes;
        _dice = dice;
    }

    public static Balancer Create(EndpointSet set, ClusterConfig config, Func<double> dice) =>
        Create(set, config.Balancer, config.ByLocality, config.PanicThreshold, dice);

    public static Balancer Create(
        EndpointSet set, BalancerConfig config, bool byLocality, double panicThreshold, Func<double> dice)
    {
        var levels = set.Endpoints.Where(e => !byLocality || e.LocalityWeight > 0)
            .GroupBy(e => e.Priority).OrderBy(g => g.Key).Select(g => g.ToImmutableArray()).ToImmutableArray();
        var loads = PriorityLoads.Of([.. levels.Select(l => (l.Count(e => e.IsUsable), l.Length))], panicThreshold);
        var pickers = ImmutableArray.CreateBuilder<(int, Picker)>();
        var chosen = ImmutableArray.CreateBuilder<Endpoint>();
        for (var i = 0; i < levels.Length; i++)
        {
            var endpoints = loads[i].Panics ? levels[i] : levels[i].RemoveAll(e => !e.IsUsable);
            if (loads[i].Percent > 0 && !endpoints.IsEmpty)
            {
                pickers.Add((loads[i].Percent, Picker.Create(config, endpoints, byLocality, dice)));
                chosen.AddRange(endpoints);
            }
        }

        var hashes = config is BalancerConfig.RingHash or BalancerConfig.Maglev;
        return new(pickers.ToImmutable(), chosen.ToImmutable(), hashes, dice);
    }

    /// <summary>An endpoint; null where there is none.</summary>
    /// <param name="hash">That of the request, if it has one.</param>
    /// <param name="attempt">How many endpoints have been passed over for this try.</param>
    public Endpoint? Pick(ulong? hash = null, int attempt = 0)
    {
        if (_levels.IsEmpty)
        {
            return null;
        }

        var number = !_hashes && _levels.Length == 1 ? 0 : hash ?? (ulong)(_dice() * ulong.MaxValue);
        var point = (int)(number % 100);
        foreach (var (percent, picker) in _levels)
        {
            point -= percent;
            if (point < 0)
            {
                return picker.Pick(number, attempt);
            }
        }

        return _levels[^1].Picker.Pick(number, attempt);
    }

    /// <summary>An endpoint in use that is not <paramref name="other"/>; null where there is none.</summary>
    public Endpoint? PickExcept(Endpoint other)
    {
        var start = (int)(_dice() * _chosen.Length);
        for (var i = 0; i < _chosen.Length; i++)
        {
            var candidate = _chosen[(start + i) % _chosen.Length];
            if (candidate != other)
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>The endpoint of an address, if it is one of those in use.</summary>
    public Endpoint? Find(System.Net.IPEndPoint address) => _chosen.FirstOrDefault(e => e.Address.Equals(address));
}

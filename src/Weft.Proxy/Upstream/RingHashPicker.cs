using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;

namespace Weft.Proxy.Upstream;

/// <summary>
/// Ketama's ring as Envoy builds it: the same hash reaches the same endpoint in both, and most hashes still do when
/// endpoints come and go.
/// </summary>
internal sealed class RingHashPicker : Picker
{
    private readonly ulong[] _hashes;
    private readonly Endpoint[] _endpoints;

    public RingHashPicker(ImmutableArray<Endpoint> endpoints, bool byLocality, BalancerConfig.RingHash config)
    {
        var weights = WeightedSchedule.Shares(endpoints, byLocality);
        var least = weights.Min();
        var scale = Math.Min(Math.Ceiling(least * config.Least) / least, config.Most);
        var hashes = new List<ulong>((int)Math.Ceiling(scale));
        var owners = new List<Endpoint>(hashes.Capacity);
        double current = 0;
        double target = 0;
        for (var e = 0; e < endpoints.Length; e++)
        {
            target += scale * weights[e];
            for (var i = 0; current < target; i++, current++)
            {
                hashes.Add(XxHash64.HashToUInt64(Encoding.ASCII.GetBytes($"{endpoints[e].Address}_{i}")));
                owners.Add(endpoints[e]);
            }
        }

        (_hashes, _endpoints) = ([.. hashes], [.. owners]);
        Array.Sort(_hashes, _endpoints);
    }

    public override Endpoint Pick(ulong hash, int attempt)
    {
        var at = Array.BinarySearch(_hashes, hash);
        at = at < 0 ? ~at : at;
        return _endpoints[(at + attempt) % _endpoints.Length];
    }
}

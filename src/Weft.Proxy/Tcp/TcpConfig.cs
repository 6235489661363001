using System.Collections.Immutable;
using Weft.Proxy.Listening;

namespace Weft.Proxy.Tcp;

/// <summary>A connection whose bytes go to a cluster as they are.</summary>
/// <param name="StatPrefix">The proxy's name in metrics.</param>
/// <param name="Targets">The clusters, one of which each connection goes to.</param>
/// <param name="IdleTimeout">How long nothing may come from either side; null for ever.</param>
/// <param name="ConnectAttempts">How many endpoints are tried, at least 1.</param>
internal sealed record TcpConfig(
    string StatPrefix, ImmutableArray<TcpTarget> Targets, TimeSpan? IdleTimeout, uint ConnectAttempts)
    : TrafficConfig
{
    private readonly long _total = Targets.Sum(t => (long)t.Weight);

    /// <summary>The cluster on which <paramref name="dice"/> falls; one of weight 0 is never chosen.</summary>
    public string Pick(double dice)
    {
        var point = (long)(dice * _total);
        foreach (var target in Targets)
        {
            point -= target.Weight;
            if (point < 0)
            {
                return target.Cluster;
            }
        }

        return Targets[^1].Cluster;
    }
}

/// <summary>A cluster and its share.</summary>
internal readonly record struct TcpTarget(string Cluster, uint Weight);

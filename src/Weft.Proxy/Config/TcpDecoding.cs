using System.Collections.Frozen;
using System.Collections.Immutable;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Weft.Proxy.Tcp;

namespace Weft.Proxy.Config;

/// <summary>A TCP proxy.</summary>
internal static class TcpDecoding
{
    /// <summary>"If not set, the default idle timeout is 1 hour. If set to 0s, the timeout will be disabled."</summary>
    private static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromHours(1);

    private static readonly FrozenSet<string> Fields = FrozenSet.Create(
        "stat_prefix", "cluster", "weighted_clusters", "idle_timeout", "max_connect_attempts");

    private static readonly FrozenSet<string> WeightFields = FrozenSet.Create("name", "weight");

    public static TcpConfig Decode(TcpProxy message, string where, Refusals refusals)
    {
        where = $"{where} tcp_proxy";
        refusals.AddUnknown(message, where, Fields);
        var idle = refusals.Read(message.IdleTimeout, $"{where} idle_timeout") ?? DefaultIdleTimeout;
        var attempts = message.MaxConnectAttempts ?? 1;
        if (attempts == 0)
        {
            refusals.Add(where, "max_connect_attempts must be at least 1");
        }

        // A timer cannot run longer than 49 days; whoever asks for more asks for none.
        var isBounded = idle > TimeSpan.Zero && idle.TotalMilliseconds < uint.MaxValue - 1;
        return new(message.StatPrefix, Targets(message, where, refusals), isBounded ? idle : null, attempts);
    }

    private static ImmutableArray<TcpTarget> Targets(TcpProxy message, string where, Refusals refusals)
    {
        if (message.WeightedClusters is not { } weighted)
        {
            if (message.Cluster.Length == 0)
            {
                refusals.Add(where, "neither cluster nor weighted_clusters is set");
            }

            return [new(message.Cluster, 1)];
        }

        foreach (var cluster in weighted.Clusters)
        {
            refusals.AddUnknown(cluster, $"{where} weighted_clusters", WeightFields);
        }

        if (weighted.Clusters.Count == 0 || weighted.Clusters.Any(c => c.Weight == 0))
        {
            refusals.Add($"{where} weighted_clusters", "it needs clusters with weights of at least 1");
        }

        return [.. weighted.Clusters.Select(c => new TcpTarget(c.Name, c.Weight))];
    }
}

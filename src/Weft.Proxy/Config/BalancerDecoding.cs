using System.Collections.Frozen;
using Envoy.Config.Cluster.V3;
using Envoy.Extensions.LoadBalancingPolicies.Common.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Upstream;
using LeastRequest = Envoy.Extensions.LoadBalancingPolicies.LeastRequest.V3.LeastRequest;
using Maglev = Envoy.Extensions.LoadBalancingPolicies.Maglev.V3.Maglev;
using Random = Envoy.Extensions.LoadBalancingPolicies.Random.V3.Random;
using RingHash = Envoy.Extensions.LoadBalancingPolicies.RingHash.V3.RingHash;
using RoundRobin = Envoy.Extensions.LoadBalancingPolicies.RoundRobin.V3.RoundRobin;

namespace Weft.Proxy.Config;

/// <summary>How a cluster balances: by its lb_policy, or by the first extension that is known.</summary>
internal static class BalancerDecoding
{
    private const int LargestRing = 1 << 20;
    private const ulong LargestTable = 5_000_011;
    private static readonly FrozenSet<string> PlainFields = FrozenSet.Create("locality_lb_config");
    private static readonly FrozenSet<string> LeastFields = FrozenSet.Create("choice_count");
    private static readonly FrozenSet<string> LeastExtensionFields =
        FrozenSet.Create("choice_count", "locality_lb_config");
    private static readonly FrozenSet<string> LocalityFields = FrozenSet.Create("locality_weighted_lb_config");
    private static readonly FrozenSet<string> TableFields = FrozenSet.Create("table_size");
    private static readonly FrozenSet<string> TableExtensionFields =
        FrozenSet.Create("table_size", "locality_weighted_lb_config");

    private static readonly FrozenSet<string> RingFields =
        FrozenSet.Create("minimum_ring_size", "maximum_ring_size", "hash_function");

    private static readonly FrozenSet<string> RingExtensionFields = FrozenSet.Create(
        "minimum_ring_size", "maximum_ring_size", "hash_function", "locality_weighted_lb_config");

    public static (BalancerConfig Balancer, bool ByLocality) Decode(Cluster message, Refusals refusals)
    {
        if (message.LoadBalancingPolicy is { } extensions)
        {
            return Extension(extensions, refusals);
        }

        return (Policy(message, refusals), message.CommonLbConfig?.LocalityWeightedLbConfig is not null);
    }

    private static BalancerConfig Policy(Cluster message, Refusals refusals)
    {
        switch (message.LbPolicy)
        {
            case Cluster.Types.LbPolicy.RoundRobin:
                refusals.AddAll(message.RoundRobinLbConfig, "round_robin_lb_config");
                return new BalancerConfig.RoundRobin();
            case Cluster.Types.LbPolicy.Random:
                return new BalancerConfig.Drawn();
            case Cluster.Types.LbPolicy.LeastRequest:
                var least = message.LeastRequestLbConfig;
                Check(least, "least_request_lb_config", LeastFields, refusals);
                return Least(least?.ChoiceCount);
            case Cluster.Types.LbPolicy.RingHash:
                var ring = message.RingHashLbConfig;
                Check(ring, "ring_hash_lb_config", RingFields, refusals);
                return Ring(
                    ring?.MinimumRingSize, ring?.MaximumRingSize, (int)(ring?.HashFunction ?? 0) == 0, refusals);
            case Cluster.Types.LbPolicy.Maglev:
                Check(message.MaglevLbConfig, "maglev_lb_config", TableFields, refusals);
                return Table(message.MaglevLbConfig?.TableSize, refusals);
            default:
                refusals.Add("lb_policy", $"{message.LbPolicy} is not supported by Weft.Proxy");
                return new BalancerConfig.RoundRobin();
        }
    }

    /// <summary>"Each entry will be tried in order until one is found that is supported."</summary>
    private static (BalancerConfig, bool) Extension(LoadBalancingPolicy message, Refusals refusals)
    {
        foreach (var policy in message.Policies)
        {
            if (policy.TypedExtensionConfig?.TypedConfig is { } config && Known(config, refusals) is { } known)
            {
                return known;
            }
        }

        refusals.Add("load_balancing_policy", "none of the policies is supported by Weft.Proxy");
        return (new BalancerConfig.RoundRobin(), false);
    }

    private static (BalancerConfig, bool)? Known(Any config, Refusals refusals)
    {
        const string Where = "load_balancing_policy";
        if (config.TryUnpack<RoundRobin>(out var robin))
        {
            Check(robin, Where, PlainFields, refusals);
            return (new BalancerConfig.RoundRobin(), ByLocality(robin.LocalityLbConfig, refusals));
        }

        if (config.TryUnpack<Random>(out var random))
        {
            Check(random, Where, PlainFields, refusals);
            return (new BalancerConfig.Drawn(), ByLocality(random.LocalityLbConfig, refusals));
        }

        if (config.TryUnpack<LeastRequest>(out var least))
        {
            Check(least, Where, LeastExtensionFields, refusals);
            return (Least(least.ChoiceCount), ByLocality(least.LocalityLbConfig, refusals));
        }

        if (config.TryUnpack<RingHash>(out var ring))
        {
            Check(ring, Where, RingExtensionFields, refusals);
            var isXx =
                ring.HashFunction is RingHash.Types.HashFunction.XxHash or RingHash.Types.HashFunction.DefaultHash;
            return (
                Ring(ring.MinimumRingSize, ring.MaximumRingSize, isXx, refusals),
                ring.LocalityWeightedLbConfig is not null);
        }

        if (config.TryUnpack<Maglev>(out var maglev))
        {
            Check(maglev, Where, TableExtensionFields, refusals);
            return (Table(maglev.TableSize, refusals), maglev.LocalityWeightedLbConfig is not null);
        }

        return null;
    }

    private static bool ByLocality(LocalityLbConfig? message, Refusals refusals)
    {
        Check(message, "load_balancing_policy locality_lb_config", LocalityFields, refusals);
        return message?.LocalityWeightedLbConfig is not null;
    }

    private static void Check(IMessage? message, string where, FrozenSet<string> fields, Refusals refusals)
    {
        if (message is not null)
        {
            refusals.AddUnknown(message, where, fields);
        }
    }

    private static BalancerConfig.LeastRequest Least(uint? choices) => new((int)Math.Clamp(choices ?? 2, 2, 100));

    private static BalancerConfig Ring(ulong? least, ulong? most, bool isXx, Refusals refusals)
    {
        if (!isXx)
        {
            refusals.Add("hash_function", "only XX_HASH is supported by Weft.Proxy");
        }

        if (least > LargestRing || (least ?? 1024) > (most ?? ulong.MaxValue))
        {
            refusals.Add(
                "minimum_ring_size", $"it must be at most maximum_ring_size, and at most {LargestRing} in Weft.Proxy");
            return new BalancerConfig.RoundRobin();
        }

        // Larger rings only where weights ask for them; and the proxy's memory is bounded.
        return new BalancerConfig.RingHash((int)Math.Max(1, least ?? 1024),
            (int)Math.Min(most ?? LargestRing, LargestRing));
    }

    private static BalancerConfig Table(ulong? size, Refusals refusals)
    {
        var table = size ?? 65_537;
        if (table is < 2 or > LargestTable || !IsPrime(table))
        {
            refusals.Add("table_size", $"it must be a prime number of at most {LargestTable}");
            return new BalancerConfig.RoundRobin();
        }

        return new BalancerConfig.Maglev((int)table);
    }

    private static bool IsPrime(ulong number)
    {
        for (ulong divisor = 2; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }
}

using System.Collections.Immutable;

namespace Weft.Xds;

/// <summary>What a client has reported. Immutable.</summary>
/// <param name="Node">Its node id; what several streams of one id report is added up.</param>
/// <param name="Reports">How many reports have come.</param>
/// <param name="PassedOver">How many clusters of reports were not kept, for want of room.</param>
/// <param name="Clusters">By cluster, its loads.</param>
public sealed record NodeLoad(
    string Node, long Reports, long PassedOver, ImmutableDictionary<LoadCluster, ClusterLoads> Clusters)
{
    /// <summary>When its last stream ended; null while one is open.</summary>
    public DateTimeOffset? DisconnectedAt { get; init; }

    internal int Streams { get; init; }

    /// <summary>How many parts are kept: itself, and all below.</summary>
    internal int Parts { get; init; } = 1;

    internal static NodeLoad New(string node) =>
        new(node, 0, 0, ImmutableDictionary<LoadCluster, ClusterLoads>.Empty);

    /// <summary>With one more report.</summary>
    /// <param name="oldest">Clusters that were last reported before this are forgotten.</param>
    /// <param name="most">How many parts may be kept.</param>
    internal NodeLoad With(
        ImmutableDictionary<LoadCluster, ClusterLoad> report, DateTimeOffset now, DateTimeOffset oldest, int most)
    {
        var clusters = Clusters.ToBuilder();
        foreach (var (cluster, _) in Clusters.Where(c => c.Value.ReportedAt < oldest && !report.ContainsKey(c.Key)))
        {
            clusters.Remove(cluster);
        }

        var parts = 1 + clusters.Values.Sum(c => c.Parts);
        var passedOver = PassedOver;
        foreach (var (cluster, load) in report)
        {
            var before = clusters.GetValueOrDefault(cluster);
            var room = most - parts + (before?.Parts ?? 0);
            if (Within(room, before?.Total, load) is { } total)
            {
                var after = new ClusterLoads(total, load, now);
                parts += after.Parts - (before?.Parts ?? 0);
                clusters[cluster] = after;
            }
            else
            {
                passedOver++;
            }
        }

        return this with
        {
            Reports = Reports + 1,
            PassedOver = passedOver,
            Clusters = clusters.ToImmutable(),
            Parts = parts,
        };
    }

    // Where endpoints come and go their sums would grow for ever: those that are not named now go first.
    private static ClusterLoad? Within(int room, ClusterLoad? before, ClusterLoad load)
    {
        var total = before?.Plus(load) ?? load;
        if (total.Parts > room && before is not null)
        {
            total = before.Only(load).Plus(load);
        }

        return total.Parts <= room ? total : null;
    }
}

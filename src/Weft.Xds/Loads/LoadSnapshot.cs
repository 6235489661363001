using System.Collections.Immutable;

namespace Weft.Xds;

/// <summary>
/// What all clients have reported of their loads. Immutable. Reports tell what has happened since the one before; here
/// they are summed up, so that a follower of <see cref="XdsServer.Loads"/> who skips snapshots loses no request: the
/// difference of two totals is what happened between them.
/// </summary>
public sealed record LoadSnapshot
{
    private LoadSnapshot()
    {
    }

    /// <summary>No loads.</summary>
    public static LoadSnapshot Empty { get; } = new();

    /// <summary>
    /// By node id, the clients that report, and those that have gone within
    /// <see cref="XdsServerSettings.KeepDisconnected"/>.
    /// </summary>
    public ImmutableDictionary<string, NodeLoad> Nodes { get; private init; } = ImmutableDictionary<string, NodeLoad>.Empty;

    /// <summary>How many parts are kept of all nodes together.</summary>
    internal int Parts { get; private init; }

    /// <summary>With one more stream of a node; the same where there is no room for another node.</summary>
    internal LoadSnapshot Entered(string node, LoadReportSettings limits) =>
        Nodes.TryGetValue(node, out var known) ? With(known with { Streams = known.Streams + 1, DisconnectedAt = null })
        : Parts < limits.MostParts && Nodes.Count < limits.MostNodes ? With(NodeLoad.New(node) with { Streams = 1 })
        : this;

    /// <summary>With one stream of a node less.</summary>
    internal LoadSnapshot Left(string node, DateTimeOffset now)
    {
        var known = Nodes[node];
        return With(known with { Streams = known.Streams - 1, DisconnectedAt = known.Streams == 1 ? now : null });
    }

    /// <summary>With one more report of a node.</summary>
    internal LoadSnapshot Reported(
        string node, ImmutableDictionary<LoadCluster, ClusterLoad> report, DateTimeOffset now, DateTimeOffset oldest,
        LoadReportSettings limits)
    {
        var known = Nodes[node];
        var most = Math.Min(limits.MostPartsOfNode, limits.MostParts - Parts + known.Parts);
        return With(known.With(report, now, oldest, most));
    }

    /// <summary>Without the nodes that went before a time.</summary>
    internal LoadSnapshot Since(DateTimeOffset oldest) =>
        Nodes.Values.Where(node => node.DisconnectedAt < oldest).Aggregate(this, static (snapshot, node) => snapshot with
        {
            Nodes = snapshot.Nodes.Remove(node.Node),
            Parts = snapshot.Parts - node.Parts,
        });

    private LoadSnapshot With(NodeLoad node) => this with
    {
        Nodes = Nodes.SetItem(node.Node, node),
        Parts = Parts + node.Parts - (Nodes.GetValueOrDefault(node.Node)?.Parts ?? 0),
    };
}

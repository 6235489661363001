using System.Collections.Immutable;

namespace Weft.Xds;

/// <summary>Which load reports clients are asked for, and how much of them is kept.</summary>
public sealed record LoadReportSettings
{
    /// <summary>
    /// How often clients are to report. The least that clients obey is their own affair: gRPC takes one second.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clusters whose loads are asked for; null for all that a client has.</summary>
    public ImmutableArray<string>? Clusters { get; init; }

    /// <summary>Whether clients are to report each endpoint, too, where they can.</summary>
    public bool ByEndpoint { get; init; }

    /// <summary>
    /// How many nodes are kept. Above it those that have gone are forgotten at once; if that does not help, a node is
    /// refused.
    /// </summary>
    public int MostNodes { get; init; } = 20_000;

    /// <summary>
    /// How many parts are kept of all nodes together: nodes, clusters, localities, endpoints, metrics and categories of
    /// drops, each counts one. A node above it is refused; of the others, what is new is passed over.
    /// </summary>
    public int MostParts { get; init; } = 500_000;

    /// <summary>
    /// How many parts are kept of one node. Above it, what its newest report does not name is forgotten; what then does
    /// not fit is passed over, and counted in <see cref="NodeLoad.PassedOver"/>.
    /// </summary>
    public int MostPartsOfNode { get; init; } = 20_000;

    /// <summary>
    /// How many pairs of cluster and locality are labels of the metric <c>weft.xds.load.requests</c>; later ones are
    /// counted as cluster <c>other</c>.
    /// </summary>
    public int MostSeries { get; init; } = 500;
}

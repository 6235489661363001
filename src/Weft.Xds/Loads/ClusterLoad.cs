using System.Collections.Immutable;

namespace Weft.Xds;

/// <summary>A cluster that loads are reported of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ServiceName">The name by which its endpoints are asked for; empty where it has no other.</param>
public readonly record struct LoadCluster(string Name, string ServiceName);

/// <summary>Endpoints of one place and priority. Each of its texts may be empty.</summary>
public readonly record struct LoadLocality(string Region, string Zone, string SubZone, uint Priority)
{
    /// <summary><c>region/zone/sub_zone</c>; empty where none is known.</summary>
    public override string ToString() =>
        (Region, Zone, SubZone) == ("", "", "") ? "" : $"{Region}/{Zone}/{SubZone}".TrimEnd('/');
}

/// <summary>What one client did with a cluster over some time. Immutable.</summary>
/// <param name="Interval">The time that the client counted over.</param>
/// <param name="Dropped">Requests that were not sent on purpose, of all categories and of none.</param>
public sealed record ClusterLoad(TimeSpan Interval, long Dropped)
{
    /// <summary>By the category of the drop policy.</summary>
    public ImmutableDictionary<string, long> DroppedByCategory { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>By place; Envoy leaves out those where nothing went on.</summary>
    public ImmutableDictionary<LoadLocality, RequestLoad> Localities { get; init; } =
        ImmutableDictionary<LoadLocality, RequestLoad>.Empty;

    /// <summary>Requests sent for each second; 0 where the interval is unknown.</summary>
    public double RequestsPerSecond =>
        Interval > TimeSpan.Zero ? Localities.Values.Sum(locality => (double)locality.Issued) / Interval.TotalSeconds : 0;

    internal int Parts => 1 + DroppedByCategory.Count + Localities.Values.Sum(locality => locality.Parts);

    /// <summary>This time and a later one together.</summary>
    public ClusterLoad Plus(ClusterLoad later) => new(
        TimeSpan.FromTicks(Sum.Of(Interval.Ticks, later.Interval.Ticks)), Sum.Of(Dropped, later.Dropped))
    {
        DroppedByCategory = Sum.Of(DroppedByCategory, later.DroppedByCategory, Sum.Of),
        Localities = Sum.Of(Localities, later.Localities, static (sum, more) => sum.Plus(more)),
    };

    /// <summary>Without the parts that another has not.</summary>
    internal ClusterLoad Only(ClusterLoad named) => this with
    {
        DroppedByCategory = DroppedByCategory.RemoveRange(
            DroppedByCategory.Keys.Where(category => !named.DroppedByCategory.ContainsKey(category))),
        Localities = Localities.Where(pair => named.Localities.ContainsKey(pair.Key))
            .ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Only(named.Localities[pair.Key])),
    };
}

/// <summary>What one client has done with a cluster.</summary>
/// <param name="Total">Since its first report; what has not been reported for long may have been forgotten.</param>
/// <param name="Last">Of its last report.</param>
/// <param name="ReportedAt">When that came.</param>
public sealed record ClusterLoads(ClusterLoad Total, ClusterLoad Last, DateTimeOffset ReportedAt)
{
    /// <summary>How many parts it counts; of the last report all are in the total, too.</summary>
    internal int Parts { get; } = Total.Parts;
}

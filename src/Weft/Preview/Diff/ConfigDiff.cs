using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>
/// What changes between two sets of resources, in words. Sets share most of what they have: each pair of versions is
/// told once. For one thread.
/// </summary>
internal sealed class ConfigDiff(ServiceNames names, KnownMessages messages)
{
    // Of what no words are made: the first few fields tell where to look, --json on weft config shows all.
    private const int MostFields = 12;

    private static readonly string Clusters = TypeUrl.ShortName(TypeUrl.Cluster);

    private static readonly string Assignments = TypeUrl.ShortName(TypeUrl.Endpoints);

    // The order in which people think of them.
    private static readonly ImmutableArray<string> Order = ["rds", "eds", "cds", "lds"];

    private readonly Dictionary<(ContentHash? Before, ContentHash? After), ResourceChange?> _told = [];

    public ImmutableArray<ResourceChange> Of(ResourceSet before, ResourceSet after)
    {
        var all = AllOf(before, after).ToLookup(change => GoesWithCluster(change, before, after));
        var endpoints = all[true].Where(c => c.Kind == ChangeKind.Added).ToDictionary(c => c.Name, c => c.Lines, StringComparer.Ordinal);
        return [.. all[false].Select(c => c.Type == Clusters && endpoints.TryGetValue(c.Name, out var lines)
            ? c with { Lines = c.Lines.AddRange(lines) }
            : c)];
    }

    /// <summary>Fields that differ, as lines of a bounded number.</summary>
    public static IEnumerable<string> Lines(IReadOnlyCollection<FieldChange> fields) => fields
        .Take(MostFields).Select(f => f.ToString())
        .Concat(fields.Count > MostFields ? [$"… and {fields.Count - MostFields} more fields"] : []);

    private IEnumerable<ResourceChange> AllOf(ResourceSet before, ResourceSet after) =>
        before.Types.Concat(after.Types).Select(t => t.TypeUrl).Distinct()
            .Where(url => before.Of(url).Hash != after.Of(url).Hash)
            .OrderBy(url => Order.IndexOf(TypeUrl.ShortName(url)) is var i and >= 0 ? i : Order.Length)
            .ThenBy(url => url, StringComparer.Ordinal)
            .SelectMany(url => Of(before.Of(url).All, after.Of(url).All));

    // An assignment that comes or goes with its cluster is told there.
    private static bool GoesWithCluster(ResourceChange change, ResourceSet before, ResourceSet after) =>
        change.Type == Assignments && change.Kind != ChangeKind.Changed
        && before.Of(TypeUrl.Cluster).Contains(change.Name) != after.Of(TypeUrl.Cluster).Contains(change.Name);

    // Both are in the order of their names.
    private IEnumerable<ResourceChange> Of(ImmutableArray<XdsResource> before, ImmutableArray<XdsResource> after)
    {
        var (one, other) = (0, 0);
        while (one < before.Length || other < after.Length)
        {
            var order = one == before.Length ? 1 : other == after.Length ? -1
                : string.CompareOrdinal(before[one].Name, after[other].Name);
            var (was, now) = (order <= 0 ? before[one++] : null, order >= 0 ? after[other++] : null);
            if (was?.Hash != now?.Hash && Told(was, now) is { } change)
            {
                yield return change;
            }
        }
    }

    private ResourceChange? Told(XdsResource? before, XdsResource? after)
    {
        var versions = (before?.Hash, after?.Hash);
        if (!_told.TryGetValue(versions, out var change))
        {
            _told[versions] = change = Of(before, after);
        }

        return change;
    }

    private ResourceChange? Of(XdsResource? before, XdsResource? after)
    {
        var resource = (after ?? before)!;
        var (lines, drains) = Describe(resource.Name, Message(before), Message(after));
        var kind = before is null ? ChangeKind.Added : after is null ? ChangeKind.Removed : ChangeKind.Changed;

        // Another order of a map's entries is another version, and nothing else.
        return kind == ChangeKind.Changed && lines.IsEmpty
            ? null
            : new(kind, TypeUrl.ShortName(resource.TypeUrl), resource.Name, lines, drains);
    }

    private IMessage? Message(XdsResource? resource) => resource is null ? null : messages.Of(resource);

    private (ImmutableArray<string> Lines, ImmutableArray<string> Drains) Describe(
        string name, IMessage? before, IMessage? after) => (before, after) switch
        {
            (RouteConfiguration or null, RouteConfiguration or null) when (before ?? after) is not null =>
                ([.. RouteTableDiff.Of((RouteConfiguration?)before, (RouteConfiguration?)after, names)], []),
            (ClusterLoadAssignment or null, ClusterLoadAssignment or null) when (before ?? after) is not null =>
                EndpointDiff.Of(names.Cluster(name), (ClusterLoadAssignment?)before, (ClusterLoadAssignment?)after),
            (Cluster or null, Cluster or null) when (before ?? after) is not null =>
                ClusterDiff.Of(names.Cluster(name), (Cluster?)before, (Cluster?)after),
            (Listener or null, Listener or null) when (before ?? after) is not null =>
                ListenerDiff.Of(Words.Shown(name), (Listener?)before, (Listener?)after, names),
            (not null, not null) => ([.. Lines(FieldDiff.Of(before!, after!))], []),
            (null, not null) => ([$"{Words.Shown(name)} is new"], []),
            (not null, null) => ([$"{Words.Shown(name)} goes"], []),
            _ => ([$"{Words.Shown(name)} differs; its type is not known here"], []),
        };
}

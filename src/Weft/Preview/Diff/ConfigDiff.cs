using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>What changes between two sets of resources, in words.</summary>
internal static class ConfigDiff
{
    // Of what no words are made: the first few fields tell where to look, --json on weft config shows all.
    private const int MostFields = 12;

    private static readonly string Clusters = TypeUrl.ShortName(TypeUrl.Cluster);

    // The order in which people think of them.
    private static readonly ImmutableArray<string> Order = ["rds", "eds", "cds", "lds"];

    public static ImmutableArray<ResourceChange> Of(ResourceSet before, ResourceSet after, ServiceNames names)
    {
        var all = AllOf(before, after, names).ToLookup(change => GoesWithCluster(change, before, after));
        var endpoints = all[true].Where(c => c.Kind == ChangeKind.Added).ToDictionary(c => c.Name, c => c.Lines, StringComparer.Ordinal);
        return [.. all[false].Select(c => c.Type == Clusters && endpoints.TryGetValue(c.Name, out var lines)
            ? c with { Lines = c.Lines.AddRange(lines) }
            : c)];
    }

    private static IEnumerable<ResourceChange> AllOf(ResourceSet before, ResourceSet after, ServiceNames names) => before.Types.Concat(after.Types).Select(t => t.TypeUrl).Distinct()
            .OrderBy(url => Order.IndexOf(TypeUrl.ShortName(url)) is var i and >= 0 ? i : Order.Length)
            .ThenBy(url => url, StringComparer.Ordinal)
            .SelectMany(url => Of(before.Of(url), after.Of(url), names));

    /// <summary>Fields that differ, as lines of a bounded number.</summary>
    public static IEnumerable<string> Lines(IReadOnlyCollection<FieldChange> fields) => fields
        .Take(MostFields).Select(f => f.ToString())
        .Concat(fields.Count > MostFields ? [$"… and {fields.Count - MostFields} more fields"] : []);

    // An assignment that comes or goes with its cluster is told there.
    private static bool GoesWithCluster(ResourceChange change, ResourceSet before, ResourceSet after) =>
        change.Type == TypeUrl.ShortName(TypeUrl.Endpoints) && change.Kind != ChangeKind.Changed
        && before.Of(TypeUrl.Cluster).Contains(change.Name) != after.Of(TypeUrl.Cluster).Contains(change.Name);

    private static IEnumerable<ResourceChange> Of(ResourceMap before, ResourceMap after, ServiceNames names) =>
        from name in before.All.Concat(after.All).Select(r => r.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        let change = Of(
            before.TryGet(name, out var one) ? one : null, after.TryGet(name, out var other) ? other : null, names)
        where change is not null
        select change;

    private static ResourceChange? Of(XdsResource? before, XdsResource? after, ServiceNames names)
    {
        if (before?.Hash == after?.Hash)
        {
            return null;
        }

        var resource = (after ?? before)!;
        var (lines, drains) = Describe(resource.Name, Message(before), Message(after), names);
        var kind = before is null ? ChangeKind.Added : after is null ? ChangeKind.Removed : ChangeKind.Changed;

        // Another order of a map's entries is another version, and nothing else.
        return kind == ChangeKind.Changed && lines.IsEmpty
            ? null
            : new(kind, TypeUrl.ShortName(resource.TypeUrl), resource.Name, lines, drains);
    }

    private static IMessage? Message(XdsResource? resource) =>
        resource is null ? null : EnvoyJson.Message(resource);

    private static (ImmutableArray<string> Lines, ImmutableArray<string> Drains) Describe(
        string name, IMessage? before, IMessage? after, ServiceNames names) => (before, after) switch
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

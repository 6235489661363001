using System.Collections.Immutable;
using Weft.Admin;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>Changes that the same proxies get.</summary>
/// <param name="Nodes">In order.</param>
internal sealed record ChangeGroup(ImmutableArray<string> Nodes, ImmutableArray<ResourceChange> Changes);

/// <summary>What a preview is made of.</summary>
/// <param name="Served">What is in force.</param>
/// <param name="Planned">What the previewed manifests give.</param>
/// <param name="Proxies">Those that are connected: node id and group.</param>
/// <param name="Diagnostics">Everything found about the previewed manifests.</param>
/// <param name="Known">Everything found about those in force.</param>
internal sealed record PreviewInput(
    ResourceGroups Served,
    ResourceGroups Planned,
    ImmutableArray<(string Node, string Group)> Proxies,
    ImmutableArray<Diagnostic> Diagnostics,
    ImmutableArray<DiagnosticView> Known)
{
    /// <summary>What proxies reject now, in words.</summary>
    public ImmutableArray<string> Rejected { get; init; } = [];
}

/// <summary>What a change of manifests would do to the proxies. Pure.</summary>
/// <param name="Groups">Those with the most proxies first.</param>
/// <param name="Connected">Whether these are proxies that are connected; else all that could be.</param>
/// <param name="Rejected">What proxies reject already now, in words: of that they keep a former version.</param>
/// <param name="Drains">What ends for the change, each once.</param>
internal sealed record PreviewReport(
    ImmutableArray<ChangeGroup> Groups,
    bool Connected,
    ImmutableArray<string> Drains,
    ImmutableArray<string> Rejected,
    ImmutableArray<Diagnostic> Diagnostics,
    Verdict Verdict)
{
    private static readonly ImmutableArray<string> MissingBackend = ["WEFT2003", "WEFT2004"];

    public static PreviewReport Of(PreviewInput input)
    {
        var names = new ServiceNames(new[] { input.Served, input.Planned }
            .SelectMany(g => g.Made.Select(made => made.Value).Append(g.Default ?? ResourceSet.Empty))
            .SelectMany(set => set.Of(TypeUrl.Cluster).All).Select(r => r.Name).Distinct(StringComparer.Ordinal));
        var changes = new Dictionary<string, (ResourceChange Change, SortedSet<string> Nodes)>(StringComparer.Ordinal);
        var dangers = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var same in Nodes(input).GroupBy(p => p.Group, StringComparer.Ordinal))
        {
            var (before, after) = (input.Served.For(same.Key) ?? ResourceSet.Empty, input.Planned.For(same.Key) ?? ResourceSet.Empty);
            if (before.Hash == after.Hash)
            {
                continue;
            }

            var all = ConfigDiff.Of(before, after, names);
            foreach (var change in all)
            {
                if (!changes.TryGetValue(change.Key, out var found))
                {
                    changes[change.Key] = found = (change, new(StringComparer.Ordinal));
                }

                found.Nodes.UnionWith(same.Select(p => p.Node));
            }

            // What the same change can do to others is the same.
            var alike = string.Join('\n', all.Select(c => c.Key));
            if (!dangers.ContainsKey(alike))
            {
                dangers[alike] = [.. new Dangers(NodeConfig.Of(before), NodeConfig.Of(after)).All];
            }
        }

        var groups = Grouped(changes.Values);
        return new(
            groups,
            !input.Proxies.IsEmpty,
            [.. groups.SelectMany(g => g.Changes).SelectMany(c => c.Drains).Distinct()],
            input.Rejected,
            input.Diagnostics,
            Judge(input, groups, dangers.Values.SelectMany(d => d)));
    }

    // Where nobody is connected, every workload could be.
    private static IEnumerable<(string Node, string Group)> Nodes(PreviewInput input) => !input.Proxies.IsEmpty
        ? input.Proxies
        : input.Served.ByName.Keys.Union(input.Planned.ByName.Keys, StringComparer.Ordinal)
            .Where(group => group.StartsWith(NodeGroup.SidecarClass + "/", StringComparison.Ordinal))
            .Select(group => (group[(NodeGroup.SidecarClass.Length + 1)..], group));

    private static ImmutableArray<ChangeGroup> Grouped(IEnumerable<(ResourceChange Change, SortedSet<string> Nodes)> changes) =>
        [.. changes.GroupBy(c => string.Join('\n', c.Nodes), StringComparer.Ordinal)
            .Select(same => new ChangeGroup([.. same.First().Nodes], [.. same.Select(c => c.Change)]))
            .OrderByDescending(g => g.Nodes.Length).ThenBy(g => g.Nodes[0], StringComparer.Ordinal)];

    private static Verdict Judge(PreviewInput input, ImmutableArray<ChangeGroup> groups, IEnumerable<string> dangers)
    {
        var errors = input.Diagnostics.Count(d => d.Severity == Severity.Error);
        if (errors > 0)
        {
            return new(RiskLevel.Invalid, [$"the manifests have {Words.Count(errors, "mistake", "mistakes")}: what is in them is not taken, its last good version stays"]);
        }

        // A route to nowhere that is in force already is nobody's news.
        var known = input.Known.Select(d => d.Message).ToHashSet(StringComparer.Ordinal);
        var missing = groups.IsEmpty ? [] : input.Diagnostics
            .Where(d => MissingBackend.Contains(d.Code) && !known.Contains(d.Message)).Select(d => d.Message);
        ImmutableArray<string> reasons = [.. dangers.Concat(missing).Distinct()];
        return !reasons.IsEmpty ? new(RiskLevel.High, reasons)
            : groups.IsEmpty ? new(RiskLevel.None, ["no proxy gets anything else than now"])
            : new(RiskLevel.Low, ["no request that is answered now would fail"]);
    }
}

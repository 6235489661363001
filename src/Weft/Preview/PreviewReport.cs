using System.Collections.Immutable;
using Weft.Admin;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Model;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>What a preview is made of.</summary>
/// <param name="Served">What is in force.</param>
/// <param name="Planned">What the previewed manifests give.</param>
/// <param name="Mesh">What the previewed manifests say.</param>
/// <param name="Proxies">Those that are connected.</param>
/// <param name="Diagnostics">Everything found about the previewed manifests.</param>
/// <param name="Known">Everything found about those in force.</param>
internal sealed record PreviewInput(
    ResourceGroups Served,
    ResourceGroups Planned,
    MeshSnapshot Mesh,
    ImmutableArray<ConnectedProxy> Proxies,
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
/// <param name="Foreseen">How data planes would take it.</param>
internal sealed record PreviewReport(
    ImmutableArray<ChangeGroup> Groups,
    bool Connected,
    ImmutableArray<string> Drains,
    Foreseen Foreseen,
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
        var messages = new KnownMessages();
        var (diff, tally, dangers) = (new ConfigDiff(names, messages), new ChangeTally(), new DangerTally(names, messages));
        foreach (var same in Nodes(input).GroupBy(p => p.Group, StringComparer.Ordinal))
        {
            var before = input.Served.For(same.Key) ?? ResourceSet.Empty;
            var after = input.Planned.For(same.Key) ?? ResourceSet.Empty;
            if (before.Hash == after.Hash)
            {
                continue;
            }

            tally.Add(diff.Of(before, after), [.. same.Select(p => p.Node)]);
            dangers.Add(same.Key, input.Served, input.Planned);
        }

        var (groups, foreseen) = (tally.Groups, Foreseen.Of(input));
        return new(
            groups,
            !input.Proxies.IsEmpty,
            [.. groups.SelectMany(g => g.Changes).SelectMany(c => c.Drains).Distinct()],
            foreseen,
            input.Rejected,
            input.Diagnostics,
            Judge(input, groups, dangers.All, foreseen));
    }

    // Where nobody is connected, every workload could be.
    private static IEnumerable<(string Node, string Group)> Nodes(PreviewInput input) => !input.Proxies.IsEmpty
        ? input.Proxies.Select(p => (p.Node, p.Group))
        : input.Served.ByName.Keys.Union(input.Planned.ByName.Keys, StringComparer.Ordinal)
            .Where(group => group.StartsWith(NodeGroup.SidecarClass + "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(group => (group[(NodeGroup.SidecarClass.Length + 1)..], group));

    private static string Kept(ForeseenRefusal refused) =>
        $"{Words.Count(refused.Nodes.Length, "proxy", "proxies")} would reject {refused.Type} "
        + $"{Words.Shown(refused.Refusal.Name)}: what they have of it now, if anything, stays";

    private static Verdict Judge(
        PreviewInput input, ImmutableArray<ChangeGroup> groups, IEnumerable<string> dangers, Foreseen foreseen)
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
        ImmutableArray<string> reasons = [.. dangers.Concat(missing).Concat(foreseen.Refused.Select(Kept)).Distinct()];
        return !reasons.IsEmpty ? new(RiskLevel.High, reasons)
            : groups.IsEmpty ? new(RiskLevel.None, ["no proxy gets anything else than now"])
            : new(RiskLevel.Low, ["no request that is answered now would fail"]);
    }
}

using System.Collections.Immutable;
using Envoy.Config.Endpoint.V3;

namespace Weft.Preview;

/// <summary>Endpoints that come and go, in words.</summary>
internal static class EndpointDiff
{
    private const int MostTold = 20;

    public static (ImmutableArray<string> Lines, ImmutableArray<string> Drains) Of(
        string service, ClusterLoadAssignment? before, ClusterLoadAssignment? after)
    {
        if (before is null)
        {
            var ready = Ready(after!);
            return ([$"{service}: {(ready.Count == 0 ? "no endpoints" : $"endpoints {Words.Some(ready)}")}"], []);
        }

        var (ones, others) = (Ready(before), after is null ? [] : Ready(after));
        var left = ones.Except(others).ToList();
        var lines = left.Select(e => $"{service}: {e} leaves: its connections drain")
            .Concat(others.Except(ones).Select(e => $"{service}: {e} joins"))
            .ToList();
        if (lines.Count == 0)
        {
            lines.AddRange(after is null
                ? [$"{service}: its assignment, which was empty, goes"]
                : ConfigDiff.Lines(FieldDiff.Of(before, after)).Select(line => $"{service}: {line}"));
        }
        else if (others.Count == 0)
        {
            lines.Add($"{service}: no ready endpoint is left");
        }

        var shown = lines.Take(MostTold).Concat(lines.Count > MostTold ? [$"{service}: … and {lines.Count - MostTold} more"] : []);
        return ([.. shown], left.Count == 0 ? [] : [$"{service}: connections to {Words.Some(left)}"]);
    }

    private static List<string> Ready(ClusterLoadAssignment assignment) =>
        [.. Endpoints.Of(assignment).Where(e => e.IsReady).Select(e => e.Address).Distinct()];
}

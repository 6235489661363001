using Envoy.Config.Route.V3;

namespace Weft.Preview;

/// <summary>What could fail for one node by a change, in words.</summary>
internal sealed class Dangers(NodeConfig before, NodeConfig after)
{
    // A difference of shares below what a million requests show.
    private const double Least = 1e-6;

    // Clusters that had endpoints and are left with none, or go altogether.
    private readonly HashSet<string> _lost = [.. before.Clusters.Where(cluster =>
        before.ReadyEndpoints(cluster) is { IsEmpty: false }
        && (!after.HasCluster(cluster) || after.ReadyEndpoints(cluster) is { IsEmpty: true }))];

    public IEnumerable<string> All => Listeners().Concat(Services()).Concat(Tables()).Distinct();

    private IEnumerable<string> Listeners()
    {
        foreach (var listener in before.Listeners.Values)
        {
            var name = Words.Shown(listener.Name);
            if (!after.Listeners.TryGetValue(listener.Name, out var now))
            {
                yield return $"listener {name} is removed";
            }
            else if (!Equals(listener.Address, now.Address))
            {
                yield return $"listener {name} moves from {ListenerDiff.AddressOf(listener)} to {ListenerDiff.AddressOf(now)}";
            }
        }
    }

    private IEnumerable<string> Services() => _lost
        .Where(cluster => after.HasCluster(cluster) && before.IsUsed(cluster))
        .Order(StringComparer.Ordinal)
        .Select(cluster => $"{before.Names.Cluster(cluster)} loses all its ready endpoints");

    private IEnumerable<string> Tables() => before.Tables
        .Where(t => after.Listeners.ContainsKey(t.Listener.Name))
        .SelectMany(t => Table(t.Table, after.TableOf(t.Listener.Name) ?? new()));

    private IEnumerable<string> Table(RouteConfiguration table, RouteConfiguration now)
    {
        var hosts = now.VirtualHosts.DistinctBy(h => h.Name).ToDictionary(h => h.Name, StringComparer.Ordinal);
        foreach (var host in table.VirtualHosts)
        {
            var changed = hosts.GetValueOrDefault(host.Name);
            if (host.Equals(changed) && !host.Routes.SelectMany(r => Destinations.Of(r)).Any(d => _lost.Contains(d.Cluster)))
            {
                continue;
            }

            foreach (var danger in Removed(host, changed).Concat(Failing(table, host, now)))
            {
                yield return $"{before.Names.Host(host.Name)}: {danger}";
            }
        }
    }

    private IEnumerable<string> Removed(VirtualHost host, VirtualHost? now) => VirtualHostDiff.Removed(host, now)
        .Where(route => route.Members.Any(m => Fates.Of(m, before).Any(f => f.Share > 0 && !f.Fails)))
        .Select(route => $"a route in use is removed ({route.Match})");

    private IEnumerable<string> Failing(RouteConfiguration table, VirtualHost host, RouteConfiguration now)
    {
        foreach (var split in SplitRoute.Of(host.Routes))
        {
            if (Witness.Of(table, host, split.Main) is not { } request)
            {
                continue;
            }

            var (was, will) = (Failures(table, request, before), Failures(now, request, after));
            foreach (var (status, share) in will.Where(f => f.Value > was.GetValueOrDefault(f.Key) + Least))
            {
                var grows = was.TryGetValue(status, out var already) ? $" (now {Words.Percent(already)})" : "";
                yield return FormattableString.Invariant($"{Words.Percent(share)} of the requests will get {status}{grows} ({split.Match})");
            }
        }
    }

    private static Dictionary<int, double> Failures(RouteConfiguration table, RouteRequest request, NodeConfig node) =>
        Fates.Of(RouteExplanation.Of(table, request), node).Where(f => f.Fails)
            .GroupBy(f => f.Status!.Value).ToDictionary(same => same.Key, same => same.Sum(f => f.Share));
}

using Envoy.Config.Route.V3;

namespace Weft.Preview;

/// <summary>What could fail for one node by a change, in words.</summary>
internal sealed class Dangers(NodeConfig before, NodeConfig after, ServiceNames names)
{
    // A difference of shares below what a million requests show.
    private const double Least = 1e-6;

    /// <summary>What listeners that go or move do to the node.</summary>
    public IEnumerable<string> OfListeners()
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

    /// <summary>What becomes of the requests that a table has routed, when another takes its place.</summary>
    public IEnumerable<string> OfTable(RouteConfiguration table, RouteConfiguration now) =>
        Services(table).Concat(Table(table, now));

    private IEnumerable<string> Services(RouteConfiguration table) => Destinations.Of(table)
        .Where(cluster => after.HasCluster(cluster) && IsLost(cluster))
        .Order(StringComparer.Ordinal)
        .Select(cluster => $"{names.Cluster(cluster)} loses all its ready endpoints");

    // A cluster that had endpoints and is left with none, or goes altogether.
    private bool IsLost(string cluster) => before.ReadyEndpoints(cluster) is { IsEmpty: false }
        && (!after.HasCluster(cluster) || after.ReadyEndpoints(cluster) is { IsEmpty: true });

    private IEnumerable<string> Table(RouteConfiguration table, RouteConfiguration now)
    {
        var hosts = now.VirtualHosts.DistinctBy(h => h.Name).ToDictionary(h => h.Name, StringComparer.Ordinal);
        foreach (var host in table.VirtualHosts)
        {
            var changed = hosts.GetValueOrDefault(host.Name);
            if (host.Equals(changed) && !host.Routes.SelectMany(r => Destinations.Of(r)).Any(d => IsLost(d.Cluster)))
            {
                continue;
            }

            foreach (var danger in Removed(host, changed).Concat(Failing(table, host, now)))
            {
                yield return $"{names.Host(host.Name)}: {danger}";
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

using Envoy.Config.Route.V3;

namespace Weft.Preview;

/// <summary>What changes in a route table, in words.</summary>
internal static class RouteTableDiff
{
    public static IEnumerable<string> Of(RouteConfiguration? before, RouteConfiguration? after, ServiceNames names)
    {
        if (before is null || after is null)
        {
            var only = (before ?? after)!;
            yield return $"table {names.Host(only.Name)} {(before is null ? "is new" : "goes")}: "
                + Words.Count(only.VirtualHosts.Count, "virtual host", "virtual hosts");
            yield break;
        }

        foreach (var line in HostsOf(before, after, names))
        {
            yield return line;
        }

        foreach (var line in Rest(before, after).Concat(
            FactDiff.Of(HeaderFacts.Of(before).ToList(), HeaderFacts.Of(after).ToList()).Lines))
        {
            yield return $"table {names.Host(after.Name)}: {line}";
        }
    }

    private static IEnumerable<string> HostsOf(RouteConfiguration before, RouteConfiguration after, ServiceNames names)
    {
        var others = after.VirtualHosts.DistinctBy(h => h.Name).ToDictionary(h => h.Name, StringComparer.Ordinal);
        var ones = before.VirtualHosts.Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var host in before.VirtualHosts)
        {
            var name = names.Host(host.Name);
            if (!others.TryGetValue(host.Name, out var changed))
            {
                yield return $"{name}: the host goes: requests for it find no route";
                continue;
            }

            foreach (var line in VirtualHostDiff.Of(host, changed, names))
            {
                yield return $"{name}: {line}";
            }
        }

        foreach (var host in after.VirtualHosts.Where(h => !ones.Contains(h.Name)))
        {
            yield return $"{names.Host(host.Name)}: a new host with {Words.Count(host.Routes.Count, "route", "routes")}";
        }
    }

    private static IEnumerable<string> Rest(RouteConfiguration before, RouteConfiguration after)
    {
        var (one, other) = (before.Clone(), after.Clone());
        foreach (var table in new[] { one, other })
        {
            table.VirtualHosts.Clear();
            table.RequestHeadersToAdd.Clear();
            table.RequestHeadersToRemove.Clear();
            table.ResponseHeadersToAdd.Clear();
            table.ResponseHeadersToRemove.Clear();
        }

        return ConfigDiff.Lines(FieldDiff.Of(one, other));
    }
}

using Envoy.Config.Route.V3;
using Route = Envoy.Config.Route.V3.Route;

namespace Weft.Preview;

/// <summary>What changes in a virtual host, in words.</summary>
internal static class VirtualHostDiff
{
    public static IEnumerable<string> Of(VirtualHost before, VirtualHost after, ServiceNames names)
    {
        if (before.Equals(after))
        {
            return [];
        }

        var headers = FactDiff.Of(HeaderFacts.Of(before).ToList(), HeaderFacts.Of(after).ToList()).Lines;
        return Domains(before, after)
            .Concat(Routes(before, after, names))
            .Concat(headers)
            .Concat(Rest(before, after));
    }

    /// <summary>The routes that are in one of the two only: by match, whatever they do.</summary>
    public static IEnumerable<SplitRoute> Removed(VirtualHost before, VirtualHost? after)
    {
        var kept = SplitRoute.Of(after?.Routes ?? []).Select(r => r.Key).ToHashSet(StringComparer.Ordinal);
        return SplitRoute.Of(before.Routes).Where(r => !kept.Contains(r.Key));
    }

    private static IEnumerable<string> Domains(VirtualHost before, VirtualHost after)
    {
        var (gone, come) = (before.Domains.Except(after.Domains).ToList(), after.Domains.Except(before.Domains).ToList());
        if (gone.Count > 0)
        {
            yield return $"no longer under the names {Words.Shown(Words.Some(gone))}";
        }

        if (come.Count > 0)
        {
            yield return $"also under the names {Words.Shown(Words.Some(come))}";
        }
    }

    private static IEnumerable<string> Routes(VirtualHost before, VirtualHost after, ServiceNames names)
    {
        var (ones, others) = (SplitRoute.Of(before.Routes), SplitRoute.Of(after.Routes));
        var byKey = others.ToDictionary(r => r.Key, StringComparer.Ordinal);
        var old = ones.Select(r => r.Key).ToHashSet(StringComparer.Ordinal);
        var stays = OrderKept.Of([.. ones.Where(r => byKey.ContainsKey(r.Key)).Select(r => byKey[r.Key].Place)]);
        foreach (var route in ones)
        {
            if (!byKey.TryGetValue(route.Key, out var now))
            {
                yield return $"route removed: {route.Match}: {Does(route, names)}";
                continue;
            }

            if (!stays.Contains(now.Place))
            {
                yield return $"route moved from place {route.Place + 1} to {now.Place + 1}: {route.Match}";
            }

            foreach (var line in RouteDiff.Of(route, now, names))
            {
                yield return ones.Length == 1 && others.Length == 1 ? line : $"{line} ({route.Match})";
            }
        }

        foreach (var route in others.Where(r => !old.Contains(r.Key)))
        {
            yield return $"route added at place {route.Place + 1} of {others.Length}: {route.Match}: {Does(route, names)}";
        }
    }

    private static string Does(SplitRoute route, ServiceNames names)
    {
        var targets = route.Targets(names);
        return targets.Count == 1 && route.Main.ActionCase != Route.ActionOneofCase.Redirect
            ? targets.GetAt(0).Key
            : route.Main.Redirect is { } redirect ? RedirectWords.Of(redirect)
            : string.Join(", ", targets.Select(t => $"{Words.Percent(t.Value)} {t.Key}"));
    }

    private static IEnumerable<string> Rest(VirtualHost before, VirtualHost after)
    {
        var (one, other) = (before.Clone(), after.Clone());
        foreach (var host in new[] { one, other })
        {
            host.Routes.Clear();
            host.Domains.Clear();
            host.RequestHeadersToAdd.Clear();
            host.RequestHeadersToRemove.Clear();
            host.ResponseHeadersToAdd.Clear();
            host.ResponseHeadersToRemove.Clear();
        }

        return ConfigDiff.Lines(FieldDiff.Of(one, other));
    }
}

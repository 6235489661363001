namespace Weft.Preview;

/// <summary>What changes about the requests of one match, in words.</summary>
internal static class RouteDiff
{
    // A difference of shares below what a million requests show.
    private const double Least = 1e-6;

    public static IEnumerable<string> Of(SplitRoute before, SplitRoute after, ServiceNames names)
    {
        if (before.Members.SequenceEqual(after.Members))
        {
            return [];
        }

        var shares = Shares(before, after, names).ToList();
        var facts = FactDiff.Of(before.Facts(names).ToList(), after.Facts(names).ToList());
        var told = facts.Fields.ToList();
        if (shares.Count > 0)
        {
            told.AddRange(["route.cluster", "route.weighted_clusters"]);
        }

        // A route's name is its place in the manifests; where it stands is told apart.
        told.AddRange(["name", "match.runtime_fraction"]);
        var rest = FieldDiff.Of(before.Main, after.Main)
            .Where(f => !told.Any(t => f.Path.StartsWith(t, StringComparison.Ordinal)
                && (f.Path.Length == t.Length || f.Path[t.Length] is '.' or '[')))
            .ToList();
        IEnumerable<string> first = shares.Count > 0 ? [string.Join(", ", shares)] : [];
        return first.Concat(facts.Lines).Concat(ConfigDiff.Lines(rest));
    }

    private static IEnumerable<string> Shares(SplitRoute before, SplitRoute after, ServiceNames names)
    {
        var (ones, others) = (before.Targets(names), after.Targets(names));
        if (ones.Count == 1 && others.Count == 1 && ones.GetAt(0).Key != others.GetAt(0).Key)
        {
            return [$"{others.GetAt(0).Key}, no longer {ones.GetAt(0).Key}"];
        }

        return ones.Keys.Union(others.Keys)
            .Select(target => (target, One: ones.GetValueOrDefault(target), Other: others.GetValueOrDefault(target)))
            .Where(t => Math.Abs(t.One - t.Other) > Least)
            .Select(t => $"{Words.Percent(t.One)} → {Words.Percent(t.Other)} {t.target}");
    }
}

/// <summary>What changes of the things that a route does.</summary>
/// <param name="Lines">In words.</param>
/// <param name="Fields">The fields that they speak of.</param>
internal sealed record FactDiff(IReadOnlyList<string> Lines, IReadOnlyList<string> Fields)
{
    public static FactDiff Of(IReadOnlyCollection<RouteFact> before, IReadOnlyCollection<RouteFact> after)
    {
        var lines = new List<string>();
        var (gone, come) = (before.Except(after).ToList(), after.Except(before).ToList());
        foreach (var label in gone.Concat(come).Select(f => f.Label).Distinct())
        {
            var (ones, others) = (Words(gone, label), Words(come, label));
            lines.AddRange(ones is [var one] && others is [var other]
                ? [$"{label}: {one} → {other}"]
                : ones.Select(w => $"{label}: no longer {w}").Concat(others.Select(w => $"{label}: now {w}")));
        }

        return new(lines, [.. gone.Concat(come).Select(f => f.Field).Distinct()]);
    }

    private static List<string> Words(IEnumerable<RouteFact> facts, string label) =>
        [.. facts.Where(f => f.Label == label).Select(f => f.Words)];
}

/// <summary>Of things whose places changed, those that need not be said to have moved.</summary>
internal static class OrderKept
{
    /// <summary>The longest rising part of the new places, given in the old order: the others have moved.</summary>
    public static HashSet<int> Of(IReadOnlyList<int> places)
    {
        var (length, previous) = (new int[places.Count], new int[places.Count]);
        var last = -1;
        for (var i = 0; i < places.Count; i++)
        {
            (length[i], previous[i]) = (1, -1);
            for (var j = 0; j < i; j++)
            {
                if (places[j] < places[i] && length[j] + 1 > length[i])
                {
                    (length[i], previous[i]) = (length[j] + 1, j);
                }
            }

            last = last < 0 || length[i] > length[last] ? i : last;
        }

        var kept = new HashSet<int>();
        for (var i = last; i >= 0; i = previous[i])
        {
            kept.Add(places[i]);
        }

        return kept;
    }
}

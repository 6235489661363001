using System.Collections.Immutable;
using Google.Protobuf;
using Route = Envoy.Config.Route.V3.Route;

namespace Weft.Preview;

/// <summary>
/// The routes that follow each other with one match, of which some take a share only: to people one route, whose
/// requests are split.
/// </summary>
/// <param name="Key">Equal for equal matches.</param>
/// <param name="Place">From 0.</param>
internal sealed record SplitRoute(string Key, int Place, ImmutableArray<Route> Members)
{
    /// <summary>The one that takes what the others leave.</summary>
    public Route Main => Members[^1];

    public string Match => Conditions.Sentence(Main.Match);

    /// <summary>What it does with the requests, without their shares.</summary>
    public IEnumerable<RouteFact> Facts(ServiceNames names) => RouteFacts.Of(Main, names);

    /// <summary>Where the requests go and the share of each place; 1 in all, less what is left for later routes.</summary>
    public OrderedDictionary<string, double> Targets(ServiceNames names)
    {
        var targets = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        var taken = 0.0;
        foreach (var route in Members)
        {
            var share = Math.Max(0, Conditions.ShareOf(route.Match) - taken);
            taken += share;
            foreach (var (target, part) in TargetsOf(route, names))
            {
                targets[target] = targets.GetValueOrDefault(target) + (share * part);
            }
        }

        return targets;
    }

    public static ImmutableArray<SplitRoute> Of(IEnumerable<Route> routes)
    {
        var all = new List<SplitRoute>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var route in routes)
        {
            var match = route.Match.Clone();
            match.RuntimeFraction = null;
            var key = match.ToByteString().ToBase64();
            if (all.Count > 0 && all[^1].Key == key && Conditions.ShareOf(all[^1].Main.Match) < 1)
            {
                all[^1] = all[^1] with { Members = all[^1].Members.Add(route) };
                continue;
            }

            // A second one of the same match, further down, is another route.
            var times = seen[key] = seen.GetValueOrDefault(key) + 1;
            all.Add(new(times == 1 ? key : $"{key}#{times}", all.Count, [route]));
        }

        return [.. all];
    }

    private static IEnumerable<(string Target, double Share)> TargetsOf(Route route, ServiceNames names) => route.ActionCase switch
    {
        Route.ActionOneofCase.Route_ => Destinations.Of(route).Select(d => ($"to {names.Cluster(d.Cluster)}", d.Share)),
        Route.ActionOneofCase.DirectResponse => [(FormattableString.Invariant($"get {route.DirectResponse.Status}"), 1)],
        Route.ActionOneofCase.Redirect => [("redirected", 1)],
        _ => [("to an extension", 1)],
    };
}

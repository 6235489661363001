using System.Collections.Immutable;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads one of the <c>rules</c> of a route.</summary>
internal static class RuleDecoder
{
    // What a route of the Gateway API may hold at the most: "≤ 16 rules, ≤ 64 matches", with room for other sources.
    private const int MostMatches = 128;

    public static RouteRuleConfig Decode(RouteKind kind, Head head, FieldReader rule, int index)
    {
        var matches = rule.Maps("matches")
            .Select(match => kind == RouteKind.Grpc ? GrpcMatchDecoder.Decode(match) : RouteMatchDecoder.Decode(match))
            .ToImmutableArray();
        if (matches.Length > MostMatches)
        {
            rule.Findings.Error(
                "WEFT1113", rule.Where, $"{rule.PathOf("matches")} has {matches.Length} entries; the most are {MostMatches}.",
                "split the rule");
        }

        var backends = rule.Maps("backendRefs").Select(b => References.Backend(head, b)).ToImmutableArray();
        var (filters, refused) = FilterDecoder.OfRule(kind, head, rule);
        CheckTogether(rule, matches, filters, backends);
        var (timeout, backendTimeout) = kind == RouteKind.Http ? RouteTimeouts.Of(rule) : (null, null);
        var retry = kind == RouteKind.Http ? RetryDecoder.OfRule(rule) : null;
        var name = rule.Text("name")?.Text;
        var affinity = SessionDecoder.OfRule(rule, $"weft-{head.Name?.Namespace}-{head.Name?.Name}-{name ?? $"{index}"}", backends.Count(b => b.Weight > 0));
        rule.Close();
        return new(
            name, matches.IsEmpty ? [RouteMatch.Any] : matches, filters, backends, timeout, backendTimeout, retry, affinity, refused);
    }

    private static void CheckTogether(
        FieldReader rule,
        ImmutableArray<RouteMatch> matches,
        RouteFilters<BackendRefConfig> filters,
        ImmutableArray<BackendRefConfig> backends)
    {
        if (filters is { Redirect: not null, Rewrite: not null } || (filters.Redirect is not null && !backends.IsEmpty))
        {
            rule.Findings.Error(
                "WEFT1114", rule.Where, $"{rule.PathOf("filters")}: a RequestRedirect goes with no URLRewrite and no backendRefs.",
                "redirect in a rule of its own");
        }

        var changesPrefix = filters.Redirect?.Path is { IsPrefix: true } || filters.Rewrite?.Path is { IsPrefix: true };
        if (changesPrefix && matches.Any(m => m.Path.Kind != PathMatchKind.Prefix))
        {
            // "ReplacePrefixMatch is only compatible with a PathPrefix HTTPRouteMatch".
            rule.Findings.Error(
                "WEFT1114", rule.Where, $"{rule.PathOf("filters")}: ReplacePrefixMatch goes with matches of type PathPrefix only.",
                "use ReplaceFullPath, or match by PathPrefix");
        }
    }
}

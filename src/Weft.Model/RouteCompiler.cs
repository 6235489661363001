using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>One match of one rule, and what decides its place among others.</summary>
internal sealed record Candidate(Route Route, RouteConfig Source, int Rule, int Match);

/// <summary>Makes candidates of routes, and orders them so that the first that fits is the one that the API means.</summary>
/// <param name="former">What was compiled before, which is not compiled again where it would come out the same.</param>
internal sealed class RouteCompiler(ServiceIndex services, PolicyIndex policies, CompiledRoutes former)
{
    /// <summary>What this compiler has made.</summary>
    public CompiledRoutes Compiled { get; } = new(services, policies);

    /// <summary>Every match of every rule, in their order.</summary>
    /// <param name="part">The parent that the conditions are reported for.</param>
    /// <param name="needsGrants">Whether backends of other namespaces must be granted, as on gateways.</param>
    public CompiledRoute Compile(RouteConfig route, string part, bool needsGrants)
    {
        if (Compiled.Find(route, part) is not { } compiled)
        {
            compiled = former.StillHolding(route, part, services, policies)
                ?? new RouteCompilation(route, part, needsGrants, services, policies).Run();
            Compiled.Add(route, part, compiled);
        }

        return compiled;
    }

    /// <summary>
    /// First-match order by the precedence of the Gateway API (HTTPRouteRule.matches): an exact path, then the longest;
    /// a method; the most headers; the most parameters; the oldest route; the alphabet; the order of the rules.
    /// Expressions, whose place is left to implementations, stand between exact paths and prefixes.
    /// </summary>
    public static ImmutableArray<Route> InOrder(IEnumerable<Candidate> candidates) =>
        [.. Ordered(candidates.OrderBy(_ => 0)).Select(c => c.Route)];

    /// <summary>The same within a coarser order.</summary>
    public static IOrderedEnumerable<Candidate> Ordered(IOrderedEnumerable<Candidate> candidates) => candidates
        .ThenBy(c => Rank(c))
        .ThenByDescending(c => c.Route.Match.Path.Value.Length)
        .ThenByDescending(c => c.Route.Match.Method is not null)
        .ThenByDescending(c => c.Route.Match.Headers.Length)
        .ThenByDescending(c => c.Route.Match.Query.Length)
        .ThenBy(c => c.Source.Created ?? DateTimeOffset.MaxValue)
        .ThenBy(c => c.Source.Name).ThenBy(c => c.Rule).ThenBy(c => c.Match);

    public static string KindOf(RouteConfig route) => route.Kind == RouteKind.Grpc ? "GRPCRoute" : "HTTPRoute";

    // GRPCRouteRule.matches: "characters in a matching service", then "in a matching method": a service without a method
    // is a prefix, a method without a service an expression, neither is the prefix of all.
    private static int Rank(Candidate candidate) => (candidate.Route.Match.Path.Kind, candidate.Source.Kind) switch
    {
        (PathMatchKind.Exact, _) => 0,
        (PathMatchKind.Prefix, RouteKind.Grpc) => candidate.Route.Match.Path.Value.Length > 1 ? 1 : 3,
        (PathMatchKind.Regex, RouteKind.Grpc) => 2,
        (PathMatchKind.Regex, _) => 1,
        _ => 2,
    };
}

using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>One match of one rule, and what decides its place among others.</summary>
internal sealed record Candidate(Route Route, RouteConfig Source, int Rule, int Match);

/// <summary>Makes candidates of routes, and orders them so that the first that fits is the one that the API means.</summary>
internal sealed class RouteCompiler(ServiceIndex services, PolicyIndex policies, Findings findings)
{

    /// <summary>Every match of every rule.</summary>
    /// <param name="part">The parent that the conditions are reported for.</param>
    /// <param name="needsGrants">Whether backends of other namespaces must be granted, as on gateways.</param>
    public IEnumerable<Candidate> Flatten(RouteConfig route, string part, bool needsGrants)
    {
        var kind = KindOf(route);
        findings.Set(kind, route.Name, part, "ResolvedRefs", true, "ResolvedRefs");
        for (var r = 0; r < route.Rules.Length; r++)
        {
            var rule = route.Rules[r];
            var policy = policies.Of(route, rule.Name);
            var isRefused = IsRefused(route, rule.Refused, part);
            var backends = rule.Backends.Select(b => Resolve(route, b, part, needsGrants))
                .Select(b => isRefused ? b with { Exists = false } : b).ToImmutableArray();
            var filters = isRefused ? RouteFilters.None<Backend>() : new RouteFilters<Backend>(
                rule.Filters.RequestHeaders, rule.Filters.ResponseHeaders, rule.Filters.Redirect, rule.Filters.Rewrite,
                [.. rule.Filters.Mirrors
                    .Select(m => new Mirror<Backend>(Resolve(route, m.Backend, part, needsGrants), m.Millionths))
                    .Where(m => m.Backend.Exists)],
                rule.Filters.Cors);
            if (backends.IsEmpty && filters.Redirect is null && !isRefused)
            {
                findings.Warn(
                    "WEFT2014", route.Where, $"Rule {r} of {route} has no backendRefs: its requests get 500.",
                    "name a backend, or redirect");
            }

            for (var m = 0; m < rule.Matches.Length; m++)
            {
                yield return new(
                    new(
                        $"{route.Name}/{r}/{m}", rule.Matches[m], filters, backends, rule.Timeout, rule.BackendTimeout,
                        rule.Retry ?? policy.Retry, policy.RateLimit, rule.Affinity ?? policy.Affinity),
                    route, r, m);
            }
        }
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

    // "If a reference to a custom filter type cannot be resolved, the filter MUST NOT be skipped. Instead, requests that
    // would have been processed by that filter MUST receive a HTTP error response" (HTTPRouteFilter.type).
    private bool IsRefused(RouteConfig route, Refusal? refusal, string part)
    {
        if (refusal is null)
        {
            return false;
        }

        findings.Warn("WEFT2015", refusal.Where, refusal.Message, refusal.Fix);
        // Of the three only PartiallyInvalid tells of something wrong by being true.
        findings.Set(
            KindOf(route), route.Name, part, refusal.Condition, refusal.Condition == "PartiallyInvalid", refusal.Reason,
            refusal.Message);
        return true;
    }

    private Backend Resolve(RouteConfig route, BackendRefConfig backend, string part, bool needsGrants)
    {
        var port = IsRefused(route, backend.Refused, part) ? null : PortOf(route, backend, part, needsGrants);
        return new(
            backend.Service, port ?? backend.Port ?? 0, backend.Weight, port is not null, backend.RequestHeaders,
            backend.ResponseHeaders);
    }

    private int? PortOf(RouteConfig route, BackendRefConfig backend, string part, bool needsGrants)
    {
        var kind = KindOf(route);
        var known = services.PortsOf(backend.Service);
        var (code, reason, message, fix) = backend switch
        {
            { Kind: not "Service" } => (
                "WEFT2007", "InvalidKind", $"{route} sends to a {backend.Kind}: its share gets 500.",
                "send to a Service"),
            _ when needsGrants && !services.Permits(kind, route.Name.Namespace, "Service", backend.Service) => (
                "WEFT2006", "RefNotPermitted",
                $"{route} sends to {backend.Service} of another namespace, which no ReferenceGrant permits: its share gets 500.",
                $"add a ReferenceGrant to {backend.Service.Namespace} from {kind} of {route.Name.Namespace} to Service"),
            _ when known.IsEmpty => (
                "WEFT2003", "BackendNotFound",
                $"{route} sends to {backend.Service}, which does not exist: its share gets 500.",
                "add the Service, or correct the backendRef"),
            { Port: null } when known.Length > 1 => (
                "WEFT2004", "BackendNotFound", $"{route} names no port of {backend.Service}: its share gets 500.",
                $"name one of its ports: {string.Join(", ", known)}"),
            { Port: { } port } when !known.Contains(port) => (
                "WEFT2004", "BackendNotFound",
                $"{route} sends to {backend.Service}:{port}, which is none: its share gets 500.",
                $"name one of its ports: {string.Join(", ", known)}"),
            _ => ("", "", "", ""),
        };
        if (code.Length == 0)
        {
            return backend.Port ?? known[0];
        }

        findings.Warn(code, backend.Where, message, fix);
        findings.Set(kind, route.Name, part, "ResolvedRefs", false, reason, message);
        return null;
    }
}

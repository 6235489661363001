using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>Compiles one route at one of its parents.</summary>
/// <param name="part">The parent that the conditions are reported for.</param>
/// <param name="needsGrants">Whether backends of other namespaces must be granted, as on gateways.</param>
internal sealed class RouteCompilation(
    RouteConfig route, string part, bool needsGrants, ServiceIndex services, PolicyIndex policies)
{
    private readonly Findings _findings = new();
    private readonly string _kind = RouteCompiler.KindOf(route);

    public CompiledRoute Run()
    {
        _findings.Set(_kind, route.Name, part, "ResolvedRefs", true, "ResolvedRefs");
        return new([.. Enumerable.Range(0, route.Rules.Length).SelectMany(Candidates)], _findings);
    }

    private IEnumerable<Candidate> Candidates(int r)
    {
        var rule = route.Rules[r];
        var policy = policies.Of(route, rule.Name);
        var isRefused = IsRefused(rule.Refused);
        var backends = rule.Backends.Select(Resolve)
            .Select(b => isRefused ? b with { Exists = false } : b).ToImmutableArray();
        var filters = isRefused ? RouteFilters.None<Backend>() : new RouteFilters<Backend>(
            rule.Filters.RequestHeaders, rule.Filters.ResponseHeaders, rule.Filters.Redirect, rule.Filters.Rewrite,
            [.. rule.Filters.Mirrors.Select(m => new Mirror<Backend>(Resolve(m.Backend), m.Millionths)).Where(m => m.Backend.Exists)],
            rule.Filters.Cors);
        if (backends.IsEmpty && filters.Redirect is null && !isRefused)
        {
            _findings.Warn(
                "WEFT2014", route.Where, $"Rule {r} of {route} has no backendRefs: its requests get 500.",
                "name a backend, or redirect");
        }

        return rule.Matches.Select((match, m) => new Candidate(
            new(
                $"{route.Name}/{r}/{m}", match, filters, backends, rule.Timeout, rule.BackendTimeout,
                rule.Retry ?? policy.Retry, policy.RateLimit, rule.Affinity ?? policy.Affinity),
            route, r, m));
    }

    // "If a reference to a custom filter type cannot be resolved, the filter MUST NOT be skipped. Instead, requests that
    // would have been processed by that filter MUST receive a HTTP error response" (HTTPRouteFilter.type).
    private bool IsRefused(Refusal? refusal)
    {
        if (refusal is null)
        {
            return false;
        }

        _findings.Warn("WEFT2015", refusal.Where, refusal.Message, refusal.Fix);
        // Of the three only PartiallyInvalid tells of something wrong by being true.
        _findings.Set(
            _kind, route.Name, part, refusal.Condition, refusal.Condition == "PartiallyInvalid", refusal.Reason, refusal.Message);
        return true;
    }

    private Backend Resolve(BackendRefConfig backend)
    {
        var port = IsRefused(backend.Refused) ? null : PortOf(backend);
        return new(
            backend.Service, port ?? backend.Port ?? 0, backend.Weight, port is not null, backend.RequestHeaders,
            backend.ResponseHeaders);
    }

    private int? PortOf(BackendRefConfig backend)
    {
        var known = services.PortsOf(backend.Service);
        var (code, reason, message, fix) = backend switch
        {
            { Kind: not "Service" } => (
                "WEFT2007", "InvalidKind", $"{route} sends to a {backend.Kind}: its share gets 500.",
                "send to a Service"),
            _ when needsGrants && !services.Permits(_kind, route.Name.Namespace, "Service", backend.Service) => (
                "WEFT2006", "RefNotPermitted",
                $"{route} sends to {backend.Service} of another namespace, which no ReferenceGrant permits: its share gets 500.",
                $"add a ReferenceGrant to {backend.Service.Namespace} from {_kind} of {route.Name.Namespace} to Service"),
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

        _findings.Warn(code, backend.Where, message, fix);
        _findings.Set(_kind, route.Name, part, "ResolvedRefs", false, reason, message);
        return null;
    }
}

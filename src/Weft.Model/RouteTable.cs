using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>The routes of each service port, in the order in which they are tried.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<(ObjectName Service, int Port), List<Candidate>> _candidates = [];

    private RouteTable()
    {
    }

    // One match of one rule. Order breaks ties: routes by name, then rules, then matches as written.
    private sealed record Candidate(Route Route, ObjectName Source, int Rule, int Match);

    public static RouteTable Of(MeshObjects objects, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var ports = objects.Services.ToDictionary(s => s.Name, s => s.Ports.Select(p => p.Port).ToImmutableArray());
        var table = new RouteTable();
        foreach (var route in objects.HttpRoutes)
        {
            var candidates = Flatten(route, ports, diagnostics);
            // A port that the route names twice, by itself and with the whole service, gets its rules once.
            var attached = route.Parents
                .SelectMany(parent => PortsOf(parent, ports, diagnostics).Select(port => (parent.Service, port)))
                .Distinct();
            foreach (var port in attached)
            {
                table.Attach(port, candidates);
            }
        }

        return table;
    }

    /// <summary>
    /// First-match order by the precedence of the Gateway API (HTTPRouteRule.matches): an exact path before a prefix,
    /// the longer prefix, the most headers, then the alphabetical order of the routes and the order of their rules.
    /// </summary>
    public ImmutableArray<Route> For(ObjectName service, int port) =>
        !_candidates.TryGetValue((service, port), out var list)
            ? []
            : [.. list
                .OrderBy(c => c.Route.Match.Path.Kind)
                .ThenByDescending(c => c.Route.Match.Path.Value.Length)
                .ThenByDescending(c => c.Route.Match.Headers.Length)
                .ThenBy(c => c.Source).ThenBy(c => c.Rule).ThenBy(c => c.Match)
                .Select(c => c.Route)];

    private static List<Candidate> Flatten(
        HttpRouteConfig route,
        Dictionary<ObjectName, ImmutableArray<int>> ports,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var candidates = new List<Candidate>();
        for (var r = 0; r < route.Rules.Length; r++)
        {
            var rule = route.Rules[r];
            var backends = rule.Backends.Select(b => Resolve(route, b, ports, diagnostics)).ToImmutableArray();
            for (var m = 0; m < rule.Matches.Length; m++)
            {
                candidates.Add(new(
                    new(
                        $"{route.Name}/{r}/{m}", rule.Matches[m], rule.RequestHeaders, backends,
                        rule.Timeout, rule.BackendTimeout),
                    route.Name, r, m));
            }
        }

        return candidates;
    }

    private static Backend Resolve(
        HttpRouteConfig route,
        BackendRefConfig backend,
        Dictionary<ObjectName, ImmutableArray<int>> ports,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        if (!ports.TryGetValue(backend.Service, out var known))
        {
            diagnostics.Add(Diagnostic.Warning(
                "WEFT2003", backend.Where,
                $"HTTPRoute {route.Name} sends to {backend.Service}, which does not exist: its share gets 500.",
                "add the Service, or correct the backendRef"));
            return new(backend.Service, backend.Port ?? 0, backend.Weight, false);
        }

        var port = backend.Port ?? (known.Length == 1 ? known[0] : null as int?);
        if (port is null || !known.Contains(port.Value))
        {
            diagnostics.Add(Diagnostic.Warning(
                "WEFT2004", backend.Where,
                port is null
                    ? $"HTTPRoute {route.Name} names no port of {backend.Service}: its share gets 500."
                    : $"HTTPRoute {route.Name} sends to {backend.Service}:{port}, which is none: its share gets 500.",
                $"name one of its ports: {string.Join(", ", known)}"));
            return new(backend.Service, port ?? 0, backend.Weight, false);
        }

        return new(backend.Service, port.Value, backend.Weight, true);
    }

    private static ImmutableArray<int> PortsOf(
        ParentRefConfig parent,
        Dictionary<ObjectName, ImmutableArray<int>> ports,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var known = ports.TryGetValue(parent.Service, out var all) ? all : [];
        var named = parent.Port is null ? known : [.. known.Where(p => p == parent.Port)];
        if (named.IsEmpty)
        {
            diagnostics.Add(Diagnostic.Warning(
                "WEFT2002", parent.Where,
                parent.Port is { } port && !known.IsEmpty
                    ? $"The route attaches to {parent.Service}:{port}, which does not exist: it has no effect there."
                    : $"The route attaches to {parent.Service}, which does not exist: it has no effect there.",
                "add the Service, or correct the parentRef"));
        }

        return named;
    }

    private void Attach((ObjectName Service, int Port) port, List<Candidate> candidates)
    {
        if (!_candidates.TryGetValue(port, out var list))
        {
            _candidates[port] = list = [];
        }

        list.AddRange(candidates);
    }
}

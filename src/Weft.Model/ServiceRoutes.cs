using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>The routes of each service port, in the order in which they are tried.</summary>
internal sealed class ServiceRoutes
{
    // By service port, and within it by the namespace of the clients, empty for all.
    private readonly Dictionary<(ObjectName Service, int Port), SortedDictionary<string, List<Candidate>>> _candidates = [];
    private Dictionary<(ObjectName Service, int Port), PortRoutes> _ports = [];

    private ServiceRoutes()
    {
    }

    public static ServiceRoutes None { get; } = new();

    public static ServiceRoutes Of(
        MeshObjects objects, ServiceIndex services, RouteCompiler compiler, ServiceRoutes former, Findings findings)
    {
        var routes = new ServiceRoutes();
        foreach (var route in objects.Routes.OrderBy(r => r.Created ?? DateTimeOffset.MaxValue).ThenBy(r => r.Name).ThenBy(r => r.Kind))
        {
            // A port that the route names twice, by itself and with the whole service, gets its rules once.
            var attached = route.Parents.Where(p => !p.IsGateway)
                .SelectMany(parent => PortsOf(route, parent, services, findings).Select(port => (parent.Name, Port: port)))
                .Distinct().ToList();
            foreach (var parent in attached.GroupBy(a => a.Name))
            {
                var compiled = compiler.Compile(route, $"Service {parent.Key}", needsGrants: false);
                findings.Add(compiled.Findings);
                foreach (var (service, port) in parent)
                {
                    routes.Attach(service, port, route, compiled.Candidates, findings);
                }
            }
        }

        routes._ports = routes._candidates.ToDictionary(c => c.Key, c => PortRoutes.Of(c.Value).Or(former.For(c.Key.Service, c.Key.Port)));
        return routes;
    }

    /// <summary>The routes of a service port.</summary>
    public PortRoutes For(ObjectName service, int port) => _ports.GetValueOrDefault((service, port), PortRoutes.None);

    private static ImmutableArray<int> PortsOf(RouteConfig route, ParentRefConfig parent, ServiceIndex services, Findings findings)
    {
        var known = services.Find(parent.Name)?.Ports ?? [];
        var named = known
            .Where(p => (parent.Port is null || p.Port == parent.Port) && (parent.Section is null || p.Name == parent.Section))
            .Select(p => p.Port).ToImmutableArray();
        var (kind, part) = (RouteCompiler.KindOf(route), $"Service {parent.Name}");
        if (!named.IsEmpty)
        {
            findings.Set(kind, route.Name, part, "Accepted", true, "Accepted");
            return named;
        }

        var message = !known.IsEmpty
            ? $"The route attaches to {parent.Name}:{parent.Section ?? $"{parent.Port}"}, which does not exist: it has no effect there."
            : $"The route attaches to {parent.Name}, which does not exist: it has no effect there.";
        findings.Warn("WEFT2002", parent.Where, message, "add the Service, or correct the parentRef");
        findings.Set(kind, route.Name, part, "Accepted", false, "NoMatchingParent", message);
        return [];
    }

    // A route of the service's own namespace is for all clients; of another, for the clients there.
    private void Attach(ObjectName service, int port, RouteConfig route, ImmutableArray<Candidate> candidates, Findings findings)
    {
        if (candidates.IsEmpty)
        {
            // A GRPCRoute without rules says nothing of any call, so the service is called as without it.
            return;
        }

        if (!_candidates.TryGetValue((service, port), out var byClients))
        {
            _candidates[(service, port)] = byClients = new(StringComparer.Ordinal);
        }

        var clients = route.Name.Namespace == service.Namespace ? "" : route.Name.Namespace;
        if (!byClients.TryGetValue(clients, out var list))
        {
            byClients[clients] = list = [];
        }
        else if (list.Count > 0 && list[0].Source.Kind != route.Kind)
        {
            // "… MUST accept exactly one of these two routes" (GRPCRouteSpec): the first.
            var message = $"{list[0].Source} routes {service}:{port} already, so {route} has no effect there.";
            findings.Warn("WEFT2010", route.Where, message, "write all rules of a service in one kind of route");
            findings.Set(RouteCompiler.KindOf(route), route.Name, $"Service {service}", "Accepted", false, "NotAllowedByListeners", message);
            return;
        }

        list.AddRange(candidates);
    }
}

/// <summary>The routes for all clients, and those that clients of single namespaces have made for themselves.</summary>
internal sealed record PortRoutes(
    ImmutableArray<Route> All, ImmutableSortedDictionary<string, ImmutableArray<Route>> Consumers)
{
    public static PortRoutes None { get; } = new([], ImmutableSortedDictionary<string, ImmutableArray<Route>>.Empty);

    /// <param name="byClients">By the namespace of the clients, empty for all.</param>
    public static PortRoutes Of(IReadOnlyDictionary<string, List<Candidate>> byClients)
    {
        var ordered = byClients.ToImmutableSortedDictionary(c => c.Key, c => RouteCompiler.InOrder(c.Value), StringComparer.Ordinal);
        return new(ordered.GetValueOrDefault("", []), ordered.Remove(""));
    }

    /// <summary>The former ones, if they are the same.</summary>
    public PortRoutes Or(PortRoutes former) =>
        Same(All, former.All) && Consumers.Count == former.Consumers.Count
        && Consumers.All(c => former.Consumers.TryGetValue(c.Key, out var routes) && Same(routes, c.Value))
            ? former
            : this;

    private static bool Same(ImmutableArray<Route> one, ImmutableArray<Route> other) =>
        one.AsSpan().SequenceEqual(other.AsSpan(), ReferenceEqualityComparer.Instance);
}

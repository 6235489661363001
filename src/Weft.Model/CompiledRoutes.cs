using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>A route at one of its parents.</summary>
/// <param name="Candidates">Every match of every rule, in their order.</param>
/// <param name="Findings">What there is to say of it.</param>
internal sealed record CompiledRoute(ImmutableArray<Candidate> Candidates, Findings Findings);

/// <summary>The routes that were compiled from these services and policies.</summary>
internal sealed class CompiledRoutes(ServiceIndex services, PolicyIndex policies)
{
    private readonly Dictionary<RouteConfig, Dictionary<string, CompiledRoute>> _routes = new(ReferenceEqualityComparer.Instance);

    public static CompiledRoutes None { get; } = new(ServiceIndex.Empty, PolicyIndex.Empty);

    public CompiledRoute? Find(RouteConfig route, string part) =>
        _routes.TryGetValue(route, out var parts) ? parts.GetValueOrDefault(part) : null;

    public void Add(RouteConfig route, string part, CompiledRoute compiled)
    {
        if (!_routes.TryGetValue(route, out var parts))
        {
            _routes[route] = parts = new(StringComparer.Ordinal);
        }

        parts.Add(part, compiled);
    }

    /// <summary>The route, if to compile it again from these services and policies gave the same.</summary>
    public CompiledRoute? StillHolding(RouteConfig route, string part, ServiceIndex servicesNow, PolicyIndex policiesNow) =>
        Find(route, part) is { } compiled && policies == policiesNow && services.HasGrantsOf(servicesNow)
        && route.Rules.SelectMany(r => r.Backends.Concat(r.Filters.Mirrors.Select(m => m.Backend)))
            .All(b => ReferenceEquals(services.Find(b.Service), servicesNow.Find(b.Service)))
            ? compiled
            : null;
}

using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>Which routes attach to which listeners of gateways, and why others do not.</summary>
internal sealed class GatewayAttachment(MeshObjects objects, Findings findings)
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    private readonly Dictionary<string, ImmutableSortedDictionary<string, string>> _namespaces =
        objects.Namespaces.ToDictionary(n => n.Name, n => n.Labels, StringComparer.Ordinal);

    private readonly List<(RouteConfig Route, ParentRefConfig Parent)> _references =
    [
        .. objects.Routes
            .OrderBy(r => r.Created ?? DateTimeOffset.MaxValue).ThenBy(r => r.Name).ThenBy(r => r.Kind)
            .SelectMany(r => r.Parents.Where(p => p.IsGateway).Select(p => (r, p))),
    ];

    /// <summary>A route at a listener.</summary>
    /// <param name="Hosts">The hosts that both are for.</param>
    public sealed record Attached(RouteConfig Route, ListenerConfig Listener, ImmutableArray<string> Hosts);

    public List<Attached> To(GatewayConfig gateway, List<ListenerConfig> listeners)
    {
        var attached = new List<Attached>();
        foreach (var (route, parent) in _references.Where(r => r.Parent.Name == gateway.Name))
        {
            var named = listeners
                .Where(l => (parent.Section is null || l.Name == parent.Section) && (parent.Port is null || l.Port == parent.Port))
                .ToList();
            var allowed = named.Where(l => l.Kinds.Contains(route.Kind) && Allows(l.Namespaces, gateway, route)).ToList();
            var fitting = allowed
                .Select(l => new Attached(route, l, HostsOf(route, l)))
                .Where(a => !a.Hosts.IsEmpty && !attached.Any(o => o.Listener == a.Listener && ReferenceEquals(o.Route, route)))
                .ToList();
            var free = fitting.Where(a => !IsTaken(a, attached)).ToList();
            attached.AddRange(free);
            Report(gateway, route, parent, named.Count, allowed.Count, fitting.Count, free.Count);
        }

        return attached;
    }

    /// <summary>Reports the references to gateways that do not exist.</summary>
    public void ReportMissing()
    {
        var known = objects.Gateways.Select(g => g.Name).ToHashSet();
        foreach (var (route, parent) in _references.Where(r => !known.Contains(r.Parent.Name)))
        {
            var message = $"{route} attaches to Gateway {parent.Name}, which does not exist here: it has no effect there.";
            findings.Warn("WEFT2002", parent.Where, message, "add the Gateway, or correct the parentRef");
            Refuse(route, parent, "NoMatchingParent", message);
        }
    }

    private void Report(GatewayConfig gateway, RouteConfig route, ParentRefConfig parent, int named, int allowed, int fitting, int free)
    {
        var (reason, why) = (named, allowed, fitting, free) switch
        {
            (0, _, _, _) => ("NoMatchingParent", "it has no such listener"),
            (_, 0, _, _) => ("NotAllowedByListeners", "its listeners do not allow routes of this kind and namespace"),
            (_, _, 0, _) => ("NoMatchingListenerHostname", "no listener is for a host of the route"),
            (_, _, _, 0) => ("NotAllowedByListeners", "a route of another kind is for the same hosts there already"),
            _ => ("", ""),
        };
        if (reason.Length == 0)
        {
            findings.Set(RouteCompiler.KindOf(route), route.Name, $"Gateway {gateway.Name}", "Accepted", true, "Accepted");
            return;
        }

        var message = $"{route} does not attach to Gateway {gateway.Name}: {why}.";
        findings.Warn(
            "WEFT2005", parent.Where, message, "correct sectionName, port or hostnames of the route, or allowedRoutes of the listener");
        Refuse(route, parent, reason, message);
    }

    private void Refuse(RouteConfig route, ParentRefConfig parent, string reason, string message) => findings.Set(
        RouteCompiler.KindOf(route), route.Name, $"Gateway {parent.Name}", "Accepted", false, reason, message);

    private static ImmutableArray<string> HostsOf(RouteConfig route, ListenerConfig listener)
    {
        var own = listener.Host ?? HostPattern.Any;
        return route.Hosts.IsEmpty
            ? [own]
            : [.. route.Hosts.Select(h => HostPattern.Intersect(own, h)).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    // "… implementations MUST accept exactly one of these two routes" (GRPCRouteSpec.hostnames): the first.
    private static bool IsTaken(Attached one, List<Attached> others) => others.Any(o =>
        o.Listener == one.Listener && o.Route.Kind != one.Route.Kind
        && o.Hosts.Any(h => one.Hosts.Any(mine => HostPattern.Intersect(h, mine) is not null)));

    private bool Allows(RouteNamespaces allowed, GatewayConfig gateway, RouteConfig route)
    {
        var name = route.Name.Namespace;
        return allowed.From switch
        {
            "All" => true,
            "Same" => name == gateway.Name.Namespace,
            "None" => false,
            _ => allowed.Labels.All(l => LabelOf(name, l.Key) == l.Value)
                && allowed.Expressions.All(e => e.Holds(LabelOf(name, e.Key))),
        };
    }

    private string? LabelOf(string name, string key) => key == NameLabel
        ? name
        : _namespaces.GetValueOrDefault(name)?.GetValueOrDefault(key);
}

using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using Weft.Flow;
using Weft.Model;

namespace Weft.Translation;

/// <summary>A service as clients of one namespace reach it: a virtual host for each port that speaks HTTP.</summary>
/// <param name="Hosts">With each, the port that it is of.</param>
internal sealed record ServiceHost(Service Service, ImmutableArray<(ServicePort Port, VirtualHost Host)> Hosts)
{
    /// <summary>Whether routes and names are the same; endpoints may differ.</summary>
    public static bool IsSame(Service one, Service other) =>
        one.Ports.Length == other.Ports.Length
        && one.Ports.Zip(other.Ports).All(p => p.First with { Endpoints = p.Second.Endpoints } == p.Second);
}

/// <summary>The virtual hosts of all services for clients of one namespace.</summary>
internal sealed class VirtualHosts(string clientNamespace, bool forGrpc, Func<ObjectName, int, TrafficPolicy> policyOf)
{
    private readonly Routes _routes = new(forGrpc, listenerPort: null, policyOf);

    public Derived<ObjectName, Service, ServiceHost> Of(
        SortedTable<ObjectName, Service> services, Derived<ObjectName, Service, ServiceHost>? former) =>
        (former ?? Derived<ObjectName, Service, ServiceHost>.Empty).Next(
            services,
            (service, before) => before is { } same && ServiceHost.IsSame(same.Source, service) ? same.Result : HostOf(service));

    private ServiceHost HostOf(Service service) =>
        new(service, [.. service.Ports.Where(p => p.Protocol != AppProtocol.Tcp).Select(port => (port, HostOf(service, port)))]);

    private VirtualHost HostOf(Service service, ServicePort port)
    {
        var host = new VirtualHost { Name = $"{service.Name.Host}:{port.Port}" };
        var own = port.RoutesFor(clientNamespace);
        host.Routes.AddRange(own.IsEmpty ? [_routes.To(service.Name, port.Port)] : _routes.Of(own));
        if (forGrpc)
        {
            host.Domains.Add("*");
            return host;
        }

        host.Domains.AddRange(ServiceHosts.Of(service, port, clientNamespace));
        HttpFilters.Configure(port.Policy.RateLimit, port.Policy.Affinity, host.TypedPerFilterConfig);
        return host;
    }
}

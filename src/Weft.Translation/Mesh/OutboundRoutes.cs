using Envoy.Config.Route.V3;
using Weft.Flow;
using Weft.Model;

namespace Weft.Translation;

/// <summary>The routes of all sidecars of a namespace.</summary>
internal sealed record OutboundRoutes(Derived<ObjectName, Service, ServiceHost> Hosts, RouteConfiguration Routes)
{
    public const string Name = "outbound";

    public static OutboundRoutes Of(MeshSnapshot mesh, VirtualHosts hosts, OutboundRoutes? former)
    {
        var now = hosts.Of(mesh.Services, former?.Hosts);
        if (former is not null && former.Hosts.Table == now.Table)
        {
            return former with { Hosts = now };
        }

        var routes = new RouteConfiguration { Name = Name };
        routes.VirtualHosts.AddRange(now.Table.Values.SelectMany(s => s.Hosts.Select(h => h.Host)));
        if (mesh.Settings.PassUnknownHosts)
        {
            routes.VirtualHosts.Add(UnknownHosts.Host());
        }

        return new(now, routes);
    }
}

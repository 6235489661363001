using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Flow;
using Weft.Model;

namespace Weft.Translation;

/// <summary>What all gRPC applications of a namespace share: a listener for each name of a service, and for each server.</summary>
internal sealed record GrpcResources(
    Derived<ObjectName, Service, ServiceHost> Hosts,
    Derived<ObjectName, ServiceHost, MessageList> Clients,
    SortedTable<ObjectName, Workload> Workloads,
    ImmutableArray<IMessage> Messages)
{
    public static GrpcResources Of(MeshSnapshot mesh, string clientNamespace, VirtualHosts virtualHosts, GrpcResources? former)
    {
        var hosts = virtualHosts.Of(mesh.Services, former?.Hosts);
        var clients = (former?.Clients ?? Derived<ObjectName, ServiceHost, MessageList>.Empty).Next(
            hosts.Table, (host, _) => new([.. host.Hosts.SelectMany(h => ClientOf(host.Service, h.Port, h.Host, clientNamespace))]));
        if (former is not null && former.Clients.Table == clients.Table && former.Workloads == mesh.Workloads)
        {
            return former with { Hosts = hosts, Clients = clients };
        }

        // A server asks for the listener of its own address only, so those of a namespace may stand together.
        var servers = mesh.Workloads.Values
            .Where(w => w.Name.Namespace == clientNamespace && w.AppPort is not null)
            .SelectMany(w => GrpcServers.Of(w, w.AppPort!.Value))
            .DistinctBy(l => l.Name, StringComparer.Ordinal);
        return new(hosts, clients, mesh.Workloads, [.. clients.Table.Values.SelectMany(c => c.Messages), .. servers]);
    }

    // gRPC looks a listener up by the target's name, so each name of a service port has one; they share the routes.
    private static IEnumerable<IMessage> ClientOf(Service service, ServicePort port, VirtualHost host, string clientNamespace) =>
        ServiceHosts.Of(service, port, clientNamespace).Select(IMessage (name) => Listeners.Api(name, host.Name))
            .Prepend(new RouteConfiguration { Name = host.Name, VirtualHosts = { host } });
}

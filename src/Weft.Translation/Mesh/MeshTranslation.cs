using System.Collections.Concurrent;
using System.Collections.Immutable;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Model;

namespace Weft.Translation;

/// <summary>
/// A mesh in Envoy's words. Pure: the same snapshot gives the same bytes. What several proxies share is made once, so
/// that they share the very messages.
/// </summary>
public sealed class MeshTranslation(MeshSnapshot mesh)
{
    private const string OutboundRoutes = "outbound";

    private readonly Lazy<ImmutableArray<IMessage>> _destinations = new(() => Destinations(mesh));
    private readonly ConcurrentDictionary<string, RouteConfiguration> _outbound = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableArray<IMessage>> _grpc = new(StringComparer.Ordinal);

    /// <summary>The mesh that is translated.</summary>
    public MeshSnapshot Mesh => mesh;

    /// <summary>All that a proxy of this class is to have; nothing for a workload that the mesh does not know.</summary>
    public ImmutableArray<IMessage> For(ProxyClass proxy) => proxy switch
    {
        ProxyClass.Sidecar sidecar => mesh.Workloads.TryGetValue(sidecar.Workload, out var workload) ? ForSidecar(workload) : [],
        ProxyClass.Grpc grpc => _grpc.GetOrAdd(grpc.Namespace, ForGrpc),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private ImmutableArray<IMessage> ForSidecar(Workload workload)
    {
        var own = ImmutableArray.CreateBuilder<IMessage>();
        if (workload is { InboundPort: { } inbound, AppPort: { } app })
        {
            own.Add(Clusters.Inbound(app, workload.Protocol));
            own.Add(Listeners.Inbound(workload.Address, inbound, ClusterName.Inbound(app)));
        }

        if (workload.OutboundPort is { } outbound)
        {
            // Only the application itself may send here: the port is bound to loopback whatever the workload's address.
            own.Add(Listeners.Outbound("127.0.0.1", outbound, OutboundRoutes));
            own.Add(_outbound.GetOrAdd(workload.Name.Namespace, Outbound));
            own.AddRange(_destinations.Value);
        }

        return own.ToImmutable();
    }

    private static ImmutableArray<IMessage> Destinations(MeshSnapshot mesh) =>
        [.. Ports(mesh).SelectMany(p => new IMessage[] { Clusters.Outbound(p.Service, p.Port), Clusters.Endpoints(p.Service, p.Port) })];

    private static IEnumerable<(Service Service, ServicePort Port)> Ports(MeshSnapshot mesh) =>
        mesh.Services.Values.SelectMany(service => service.Ports.Select(port => (service, port)));

    private RouteConfiguration Outbound(string clientNamespace)
    {
        var routes = new RouteConfiguration { Name = OutboundRoutes };
        foreach (var (service, port) in Ports(mesh))
        {
            routes.VirtualHosts.Add(Host(service, port, ServiceHosts.Of(service, port, clientNamespace), forGrpc: false));
        }

        return routes;
    }

    // gRPC looks a listener up by the target's name, so each name of a service port has one; they share the routes.
    private ImmutableArray<IMessage> ForGrpc(string clientNamespace)
    {
        var messages = ImmutableArray.CreateBuilder<IMessage>();
        foreach (var (service, port) in Ports(mesh))
        {
            var host = Host(service, port, ["*"], forGrpc: true);
            messages.Add(new RouteConfiguration { Name = host.Name, VirtualHosts = { host } });
            messages.AddRange(ServiceHosts.Of(service, port, clientNamespace)
                .Select(Listener (name) => Listeners.Api(name, host.Name)));
        }

        messages.AddRange(_destinations.Value);
        return messages.ToImmutable();
    }

    private static VirtualHost Host(Service service, ServicePort port, ImmutableArray<string> domains, bool forGrpc)
    {
        var host = new VirtualHost { Name = $"{service.Name.Host}:{port.Port}" };
        host.Domains.AddRange(domains);
        host.Routes.AddRange(Routes.Of(service, port, forGrpc));
        return host;
    }
}

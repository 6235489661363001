using System.Collections.Concurrent;
using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Model;

namespace Weft.Translation;

/// <summary>
/// A mesh in Envoy's words. Pure: the same snapshot gives the same bytes. What several proxies share is made once, so
/// that they share the very messages.
/// </summary>
public sealed class MeshTranslation
{
    private const string OutboundRoutes = "outbound";

    private readonly Listeners _listeners;

    // Where spans go, also from a proxy that only receives; null where they go nowhere.
    private readonly IMessage? _collector;
    private readonly Lazy<ImmutableArray<IMessage>> _destinations;
    private readonly ConcurrentDictionary<string, RouteConfiguration> _outbound = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableArray<IMessage>> _grpc = new(StringComparer.Ordinal);

    /// <summary>Translates one mesh.</summary>
    public MeshTranslation(MeshSnapshot mesh)
    {
        Mesh = mesh;
        _listeners = new(mesh.Settings);
        _collector = mesh.Settings.Tracing is { } tracing
            ? Clusters.Collector(Telemetry.CollectorCluster, tracing.Address, tracing.Port)
            : null;
        _destinations = new(Destinations);
    }

    /// <summary>The mesh that is translated.</summary>
    public MeshSnapshot Mesh { get; }

    /// <summary>All that a proxy of this class is to have; nothing for an object that the mesh does not know.</summary>
    public ImmutableArray<IMessage> For(ProxyClass proxy) => proxy switch
    {
        ProxyClass.Sidecar sidecar => Mesh.Workloads.TryGetValue(sidecar.Workload, out var workload) ? ForSidecar(workload) : [],
        ProxyClass.Gateway gateway => Mesh.Gateways.TryGetValue(gateway.Name, out var found) ? ForGateway(found) : [],
        ProxyClass.Grpc grpc => _grpc.GetOrAdd(grpc.Namespace, ForGrpc),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private ImmutableArray<IMessage> ForSidecar(Workload workload)
    {
        var own = ImmutableArray.CreateBuilder<IMessage>();
        if (workload is { InboundPort: { } inbound, AppPort: { } app })
        {
            var cluster = ClusterName.Inbound(app);
            own.Add(Clusters.Inbound(app, workload.Protocol));
            own.Add(workload.Protocol == AppProtocol.Tcp
                ? Listeners.Tcp("inbound", TrafficDirection.Inbound, workload.Address, inbound, cluster)
                : _listeners.Inbound(workload.Address, inbound, cluster));
        }

        if (workload.OutboundPort is { } outbound)
        {
            // Only the application itself may send here: the port is bound to loopback whatever the workload's address.
            own.Add(_listeners.Outbound("127.0.0.1", outbound, OutboundRoutes));
            own.Add(_outbound.GetOrAdd(workload.Name.Namespace, Outbound));
        }

        own.AddRange(workload.TcpOutbound.Select(t => Listeners.Tcp(
            $"tcp-{t.Service.Name}-{t.Port}", TrafficDirection.Outbound, "127.0.0.1", t.Listen, ClusterName.Outbound(t.Service, t.Port))));
        if (workload.OutboundPort is not null || !workload.TcpOutbound.IsEmpty)
        {
            own.AddRange(_destinations.Value);
        }
        else if (_collector is not null)
        {
            own.Add(_collector);
        }

        return own.ToImmutable();
    }

    private ImmutableArray<IMessage> ForGateway(Gateway gateway) =>
        [.. new Gateways(_listeners, PolicyOf).Of(gateway), .. _destinations.Value];

    private ImmutableArray<IMessage> Destinations()
    {
        var made = ImmutableArray.CreateBuilder<IMessage>();
        if (_collector is not null)
        {
            made.Add(_collector);
        }

        if (Mesh.Settings.PassUnknownHosts)
        {
            made.Add(UnknownHosts.Cluster());
        }

        foreach (var (service, port) in Ports())
        {
            made.Add(Clusters.Outbound(service, port));
            made.Add(Clusters.Endpoints(service, port));
        }

        return made.ToImmutable();
    }

    private IEnumerable<(Service Service, ServicePort Port)> Ports() =>
        Mesh.Services.Values.SelectMany(service => service.Ports.Select(port => (service, port)));

    private IEnumerable<(Service Service, ServicePort Port)> HttpPorts() => Ports().Where(p => p.Port.Protocol != AppProtocol.Tcp);

    private TrafficPolicy PolicyOf(ObjectName service, int port) =>
        Mesh.Services.GetValueOrDefault(service)?.PortOf(port)?.Policy ?? TrafficPolicy.None;

    private RouteConfiguration Outbound(string clientNamespace)
    {
        var made = new RouteConfiguration { Name = OutboundRoutes };
        foreach (var (service, port) in HttpPorts())
        {
            made.VirtualHosts.Add(Host(service, port, ServiceHosts.Of(service, port, clientNamespace), clientNamespace, forGrpc: false));
        }

        if (Mesh.Settings.PassUnknownHosts)
        {
            made.VirtualHosts.Add(UnknownHosts.Host());
        }

        return made;
    }

    // gRPC looks a listener up by the target's name, so each name of a service port has one; they share the routes.
    private ImmutableArray<IMessage> ForGrpc(string clientNamespace)
    {
        var messages = ImmutableArray.CreateBuilder<IMessage>();
        foreach (var (service, port) in HttpPorts())
        {
            var host = Host(service, port, ["*"], clientNamespace, forGrpc: true);
            messages.Add(new RouteConfiguration { Name = host.Name, VirtualHosts = { host } });
            messages.AddRange(ServiceHosts.Of(service, port, clientNamespace)
                .Select(Listener (name) => Listeners.Api(name, host.Name)));
        }

        // A server asks for the listener of its own address only, so those of a namespace may stand together.
        messages.AddRange(Mesh.Workloads.Values
            .Where(w => w.Name.Namespace == clientNamespace && w.AppPort is not null)
            .SelectMany(w => GrpcServers.Of(w, w.AppPort!.Value))
            .DistinctBy(l => l.Name, StringComparer.Ordinal));
        messages.AddRange(_destinations.Value);
        return messages.ToImmutable();
    }

    private VirtualHost Host(
        Service service, ServicePort port, ImmutableArray<string> domains, string clientNamespace, bool forGrpc)
    {
        var host = new VirtualHost { Name = $"{service.Name.Host}:{port.Port}" };
        host.Domains.AddRange(domains);
        var routes = new Routes(forGrpc, listenerPort: null, PolicyOf);
        var own = port.RoutesFor(clientNamespace);
        host.Routes.AddRange(own.IsEmpty ? [routes.To(service.Name, port.Port)] : routes.Of(own));
        if (!forGrpc)
        {
            HttpFilters.Configure(port.Policy.RateLimit, port.Policy.Affinity, host.TypedPerFilterConfig);
        }

        return host;
    }
}

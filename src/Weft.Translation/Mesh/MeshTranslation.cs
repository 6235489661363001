using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using Envoy.Config.Core.V3;
using Google.Protobuf;
using Weft.Flow;
using Weft.Model;

namespace Weft.Translation;

/// <summary>
/// A mesh in Envoy's words. Pure: the same snapshot gives the same bytes. What several proxies share is made once, so
/// that they share the very messages; and what has not changed since the translation before is the very message that it
/// was there. Safe for any number of threads.
/// </summary>
public sealed class MeshTranslation
{
    private readonly ImmutableArray<IMessage> _collector;
    private readonly Derived<ObjectName, Workload, MessageList> _sidecars;
    private readonly Derived<ObjectName, Gateway, MessageList> _gateways;
    private readonly FrozenSet<string> _namespaces;
    private readonly ByNamespace<OutboundRoutes> _outbound;
    private readonly ByNamespace<GrpcResources> _grpc;

    /// <summary>Translates one mesh.</summary>
    /// <param name="former">The translation of the mesh before it, if there is one.</param>
    public MeshTranslation(MeshSnapshot mesh, MeshTranslation? former = null)
    {
        Mesh = mesh;
        // The settings are in everything.
        former = former?.Mesh.Settings == mesh.Settings ? former : null;
        _collector = former?._collector ?? (mesh.Settings.Tracing is { } tracing
            ? [Clusters.Collector(Telemetry.CollectorCluster, tracing.Address, tracing.Port)]
            : []);
        Common = former?.Common ?? (mesh.Settings.PassUnknownHosts ? _collector.Add(UnknownHosts.Cluster()) : _collector);
        Destinations = (former?.Destinations ?? Derived<ObjectName, Service, Destination>.Empty)
            .Next(mesh.Services, (service, before) => Destination.Of(service, before?.Result));
        _sidecars = (former?._sidecars ?? Derived<ObjectName, Workload, MessageList>.Empty)
            .Next(mesh.Workloads, (workload, _) => new([.. OwnOf(workload)]));
        _namespaces = former is not null && former.Mesh.Workloads == mesh.Workloads && former.Mesh.Services.Count == mesh.Services.Count
            ? former._namespaces
            : mesh.Workloads.Keys.Concat(mesh.Services.Keys).Select(name => name.Namespace).ToFrozenSet(StringComparer.Ordinal);
        // Routes say what the policies of the services say that they lead to.
        former = former is not null && PoliciesAreSame(former.Mesh.Services, mesh.Services) ? former : null;
        _gateways = (former?._gateways ?? Derived<ObjectName, Gateway, MessageList>.Empty)
            .Next(mesh.Gateways, (gateway, _) => new([.. new Gateways(new(mesh.Settings, gateway.Name), PolicyOf).Of(gateway)]));
        _outbound = new(
            former?._outbound, _namespaces, (name, before) => OutboundRoutes.Of(mesh, new(name, forGrpc: false, PolicyOf), before));
        _grpc = new(former?._grpc, _namespaces, (name, before) => GrpcResources.Of(mesh, name, new(name, forGrpc: true, PolicyOf), before));
    }

    /// <summary>The mesh that is translated.</summary>
    public MeshSnapshot Mesh { get; }

    /// <summary>What every proxy that sends to services needs beside the services.</summary>
    public ImmutableArray<IMessage> Common { get; }

    /// <summary>The clusters and assignments of each service.</summary>
    public Derived<ObjectName, Service, Destination> Destinations { get; }

    /// <summary>
    /// All that a proxy of this class is to have; nothing for an object that the mesh does not know. It is
    /// <see cref="OwnOf(ProxyClass)"/> and, if it <see cref="Sends(ProxyClass)"/>, <see cref="Common"/> and all of
    /// <see cref="Destinations"/>.
    /// </summary>
    public ImmutableArray<IMessage> For(ProxyClass proxy) =>
        Sends(proxy) ? [.. OwnOf(proxy), .. Common, .. Destinations.Table.Values.SelectMany(d => d.Messages)] : OwnOf(proxy);

    /// <summary>Whether the proxy gets what <see cref="Common"/> and <see cref="Destinations"/> hold.</summary>
    public bool Sends(ProxyClass proxy) => proxy switch
    {
        ProxyClass.Sidecar sidecar => Mesh.Workloads.TryGetValue(sidecar.Workload, out var workload) && Sends(workload),
        ProxyClass.Gateway gateway => Mesh.Gateways.ContainsKey(gateway.Name),
        _ => true,
    };

    /// <summary>What proxies of this class have for themselves, or share with those of their namespace only.</summary>
    public ImmutableArray<IMessage> OwnOf(ProxyClass proxy) => proxy switch
    {
        ProxyClass.Sidecar sidecar => Mesh.Workloads.TryGetValue(sidecar.Workload, out var workload)
            ? workload.OutboundPort is null
                ? _sidecars.Table[workload.Name].Messages
                : _sidecars.Table[workload.Name].Messages.Add(_outbound.For(workload.Name.Namespace).Routes)
            : [],
        ProxyClass.Gateway gateway => _gateways.Table.TryGetValue(gateway.Name, out var found) ? found.Messages : [],
        ProxyClass.Grpc grpc => _grpc.For(grpc.Namespace).Messages,
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether what every proxy has for itself is the same as in another translation.</summary>
    public bool DiffersInDestinationsOnly(MeshTranslation former) =>
        Mesh.Settings == former.Mesh.Settings && Mesh.Workloads == former.Mesh.Workloads && Mesh.Gateways == former.Mesh.Gateways
        && Mesh.Services.Since(former.Mesh.Services).All(c =>
            c is { Before: { } before, After: { } after } && ServiceHost.IsSame(before, after));

    private static bool Sends(Workload workload) => workload.OutboundPort is not null || !workload.TcpOutbound.IsEmpty;

    private IEnumerable<IMessage> OwnOf(Workload workload)
    {
        var listeners = new Listeners(Mesh.Settings, workload.Name);
        var isInbound = workload.InboundPort is not null && workload.Protocol != AppProtocol.Tcp;
        foreach (var use in workload.Plugins.Where(u => (u.Inbound && isInbound) || u.Outbound))
        {
            yield return PluginFilters.Resource(use.Plugin);
        }

        if (workload is { InboundPort: { } inbound, AppPort: { } app })
        {
            var cluster = ClusterName.Inbound(app);
            yield return Clusters.Inbound(app, workload.Protocol);
            yield return workload.Protocol == AppProtocol.Tcp
                ? Listeners.Tcp("inbound", TrafficDirection.Inbound, workload.Address, inbound, cluster)
                : listeners.Inbound(
                    workload.Address, inbound, cluster, workload.Plugins.Where(u => u.Inbound).Select(u => u.Plugin));
        }

        if (workload.OutboundPort is { } outbound)
        {
            // Only the application itself may send here: the port is bound to loopback whatever the workload's address.
            yield return listeners.Outbound(
                "127.0.0.1", outbound, OutboundRoutes.Name, workload.Plugins.Where(u => u.Outbound).Select(u => u.Plugin));
        }

        foreach (var tcp in workload.TcpOutbound)
        {
            yield return Listeners.Tcp(
                $"tcp-{tcp.Service.Name}-{tcp.Port}", TrafficDirection.Outbound, "127.0.0.1", tcp.Listen,
                ClusterName.Outbound(tcp.Service, tcp.Port));
        }

        // A proxy that only receives reports its spans, too.
        if (!Sends(workload))
        {
            foreach (var collector in _collector)
            {
                yield return collector;
            }
        }
    }

    private TrafficPolicy PolicyOf(ObjectName service, int port) =>
        Mesh.Services.GetValueOrDefault(service)?.PortOf(port)?.Policy ?? TrafficPolicy.None;

    private static bool PoliciesAreSame(SortedTable<ObjectName, Service> former, SortedTable<ObjectName, Service> now) =>
        now.Since(former).All(change => PoliciesOf(change.Before).SequenceEqual(PoliciesOf(change.After)));

    private static IEnumerable<(int, TrafficPolicy)> PoliciesOf(Service? service) =>
        service is null ? [] : service.Ports.Where(p => p.Policy != TrafficPolicy.None).Select(p => (p.Port, p.Policy));
}

/// <summary>Messages that belong to one object.</summary>
internal sealed record MessageList(ImmutableArray<IMessage> Messages);

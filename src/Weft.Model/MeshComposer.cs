using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>
/// Makes one mesh of what the users wrote: workloads and slices become endpoints of services, routes attach to the
/// services they name. Pure; what does not fit together is reported and the rest stands.
/// </summary>
public static class MeshComposer
{
    /// <summary>The mesh that <paramref name="objects"/> describe, and what is wrong with it.</summary>
    public static (MeshSnapshot Snapshot, ImmutableArray<Diagnostic> Diagnostics) Compose(MeshObjects objects)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var members = Membership.Of(objects, diagnostics);
        var routes = RouteTable.Of(objects, diagnostics);
        var services = objects.Services
            .Select(service => new Service(
                service.Name,
                [
                    .. service.Ports.OrderBy(p => p.Port).Select(port => new ServicePort(
                        port.Name,
                        port.Port,
                        port.Protocol,
                        EndpointList.Of(service, port, objects, members),
                        routes.For(service.Name, port.Port))),
                ]))
            .ToImmutableSortedDictionary(s => s.Name, s => s);
        var workloads = objects.Workloads
            .Select(w => new Workload(
                w.Name, members.ServicesOf(w.Name), w.Labels, w.Address, w.AppPort, w.InboundPort, w.OutboundPort,
                ProtocolOf(w, members, services), w.Run))
            .ToImmutableSortedDictionary(w => w.Name, w => w);
        return (new(services, workloads, MeshHash.Of(services.Values, workloads.Values)), diagnostics.ToImmutable());
    }

    // An application has one port, so it speaks HTTP/2 when any service port that leads to it says so.
    private static AppProtocol ProtocolOf(
        WorkloadConfig workload, Membership members, ImmutableSortedDictionary<ObjectName, Service> services) =>
        members.ServicesOf(workload.Name)
            .SelectMany(name => services[name].Ports)
            .Any(p => p.Protocol == AppProtocol.Http2 && p.Endpoints.Any(e => e.Workload == workload.Name))
            ? AppProtocol.Http2
            : AppProtocol.Http;
}

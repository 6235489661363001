using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>
/// Makes one mesh of what the users wrote: workloads and slices become endpoints of services, routes attach to the
/// services they name. Pure; what does not fit together is reported and the rest stands.
/// </summary>
public static class MeshComposer
{
    /// <summary>The mesh that <paramref name="objects"/> describe, what is wrong with it, and what became of each object.</summary>
    public static MeshComposition Compose(MeshObjects objects)
    {
        var findings = new Findings();
        var members = Membership.Of(objects, findings);
        var index = new ServiceIndex(objects);
        var policies = PolicyIndex.Of(objects, index, findings);
        var compiler = new RouteCompiler(index, policies, findings);
        var routes = ServiceRoutes.Of(objects, index, compiler, findings);
        var slices = objects.EndpointSlices.ToLookup(s => s.Service);
        var services = objects.Services
            .Select(service => new Service(
                service.Name,
                [
                    .. service.Ports.OrderBy(p => p.Port).Select(port =>
                    {
                        var (all, consumers) = routes.For(service.Name, port.Port);
                        return new ServicePort(
                            port.Name, port.Port, port.Protocol, EndpointList.Of(service, port, slices[service.Name], members),
                            all, consumers, policies.Of(service, port.Name));
                    }),
                ]))
            .ToImmutableSortedDictionary(s => s.Name, s => s);
        var workloads = objects.Workloads
            .Select(w => new Workload(
                w.Name, members.ServicesOf(w.Name), w.Labels, w.Address, w.AppPort, w.InboundPort, w.OutboundPort, w.TcpOutbound,
                ProtocolOf(w, members, services), w.Run))
            .ToImmutableSortedDictionary(w => w.Name, w => w);
        var gateways = GatewayComposer.Compose(objects, index, compiler, findings);
        var settings = SettingsOf(objects, findings);
        var snapshot = new MeshSnapshot(
            services, workloads, gateways, settings,
            MeshHash.Of(services.Values, workloads.Values, gateways.Values, settings));
        return new(snapshot, findings.Diagnostics, findings.Status);
    }

    private static MeshSettings SettingsOf(MeshObjects objects, Findings findings)
    {
        var ordered = objects.Meshes.OrderBy(m => m.Name).ToList();
        foreach (var other in ordered.Skip(1))
        {
            findings.Warn(
                "WEFT2012", other.Where, $"Mesh {ordered[0].Name} holds for all proxies already: {other.Name} has no effect.",
                "put both into one");
        }

        return ordered.Count == 0 ? MeshSettings.Default : ordered[0].Settings;
    }

    // An application has one port. It speaks HTTP/2 when any service port that leads to it says so, and no HTTP when all
    // say so.
    private static AppProtocol ProtocolOf(
        WorkloadConfig workload, Membership members, ImmutableSortedDictionary<ObjectName, Service> services)
    {
        var spoken = members.ServicesOf(workload.Name)
            .SelectMany(name => services[name].Ports)
            .Where(p => p.Endpoints.Any(e => e.Workload == workload.Name))
            .Select(p => p.Protocol).ToHashSet();
        return spoken.Contains(AppProtocol.Http2) ? AppProtocol.Http2
            : spoken.Contains(AppProtocol.Http) || spoken.Count == 0 ? AppProtocol.Http
            : AppProtocol.Tcp;
    }
}

/// <summary>What became of the objects.</summary>
/// <param name="Status">The conditions of gateways, routes and policies.</param>
public sealed record MeshComposition(
    MeshSnapshot Snapshot, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<ObjectStatus> Status);

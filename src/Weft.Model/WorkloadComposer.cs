using Weft.Flow;

namespace Weft.Model;

/// <summary>Makes workloads; one that comes out as it was is the object that it was.</summary>
internal static class WorkloadComposer
{
    public static SortedTable<ObjectName, Workload> Compose(
        MeshObjects objects, Membership members, SortedTable<ObjectName, Service> services, PluginIndex plugins,
        SortedTable<ObjectName, Workload> former) =>
        SortedTable.Of(objects.Workloads.Select(w =>
        {
            var made = new Workload(
                w.Name, members.ServicesOf(w.Name), w.Labels, w.Address, w.AppPort, w.InboundPort, w.OutboundPort, w.TcpOutbound,
                ProtocolOf(w, members, services), w.Run)
            {
                Plugins = plugins.OfWorkload(w.Name),
            };
            return KeyValuePair.Create(w.Name, former.GetValueOrDefault(w.Name) is { } same && same == made ? same : made);
        }));

    // An application has one port. It speaks HTTP/2 when any service port that leads to it says so, and no HTTP when all
    // say so.
    private static AppProtocol ProtocolOf(WorkloadConfig workload, Membership members, SortedTable<ObjectName, Service> services)
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

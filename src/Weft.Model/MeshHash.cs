using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>The version of a mesh: a hash of all that it says, in the snapshot's own order.</summary>
internal static class MeshHash
{
    public static ContentHash Of(IEnumerable<Service> services, IEnumerable<Workload> workloads)
    {
        using var hash = new ContentHasher();
        return hash.Add([.. services], Add).Add([.. workloads], Add).Finish();
    }

    private static void Add(ContentHasher hash, Service service) =>
        hash.Add(service.Name.ToString()).Add(service.Ports, Add);

    private static void Add(ContentHasher hash, ServicePort port) =>
        hash.Add(port.Name).Add(port.Port).Add((long)port.Protocol).Add(port.Endpoints, Add).Add(port.Routes, Add);

    private static void Add(ContentHasher hash, Endpoint endpoint) =>
        hash.Add(endpoint.Address).Add(endpoint.Port).Add(endpoint.Ready ? 1 : 0).Add(endpoint.Zone)
            .Add(endpoint.Workload?.ToString()).Add(endpoint.Version);

    private static void Add(ContentHasher hash, Route route)
    {
        hash.Add(route.Name).Add((long)route.Match.Path.Kind).Add(route.Match.Path.Value)
            .Add(route.Match.Headers, (h, m) => h.Add(m.Name).Add(m.Value));
        hash.Add(route.RequestHeaders.Set, Add).Add(route.RequestHeaders.Add, Add)
            .Add(route.RequestHeaders.Remove, (h, name) => h.Add(name));
        hash.Add(route.Backends, (h, b) => h.Add(b.Service.ToString()).Add(b.Port).Add(b.Weight).Add(b.Exists ? 1 : 0));
        hash.Add(route.Timeout?.Ticks ?? -1).Add(route.BackendTimeout?.Ticks ?? -1);
    }

    private static void Add(ContentHasher hash, HeaderValue header) => hash.Add(header.Name).Add(header.Value);

    private static void Add(ContentHasher hash, Workload workload)
    {
        hash.Add(workload.Name.ToString()).Add(workload.Services, (h, s) => h.Add(s.ToString()))
            .Add(workload.Labels, (h, label) => h.Add(label.Key).Add(label.Value))
            .Add(workload.Address).Add(workload.AppPort ?? -1).Add(workload.InboundPort ?? -1)
            .Add(workload.OutboundPort ?? -1).Add((long)workload.Protocol);
        ImmutableArray<RunConfig> run = workload.Run is null ? [] : [workload.Run];
        hash.Add(run, Add);
    }

    private static void Add(ContentHasher hash, RunConfig run) =>
        hash.Add(run.Command, (h, word) => h.Add(word))
            .Add(run.Environment, (h, pair) => h.Add(pair.Key).Add(pair.Value))
            .Add(run.Build, (h, word) => h.Add(word))
            .Add(run.Folder);
}

using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>The endpoints of one service port, from workloads and from slices.</summary>
internal static class EndpointList
{
    private const string VersionLabel = "version";

    public static ImmutableArray<Endpoint> Of(
        ServiceConfig service, ServicePortConfig port, IEnumerable<EndpointSliceConfig> slices, Membership members)
    {
        var fromWorkloads = members.WorkloadsOf(service.Name)
            .OrderBy(w => w.Name)
            .Where(w => Serves(w, service, port))
            .Select(w => new Endpoint(
                w.Address, w.InboundPort ?? w.AppPort ?? port.TargetPort, true, "", w.Name,
                w.Labels.GetValueOrDefault(VersionLabel, "")));
        var fromSlices = slices
            .OrderBy(slice => slice.Name)
            .SelectMany(slice => slice.Ports.Where(p => p.Name == port.Name).SelectMany(
                p => slice.Endpoints.SelectMany(
                    e => e.Addresses.Select(a => new Endpoint(a, p.Port, e.Ready, e.Zone, null, "")))));
        // An address listed twice is one endpoint: the workload's before the slice's, since it knows more; then the
        // first by name, so that the order of files does not matter.
        return [.. fromWorkloads.Concat(fromSlices)
            .DistinctBy(e => (e.Address, e.Port))
            .OrderBy(e => e.Address, StringComparer.Ordinal).ThenBy(e => e.Port)];
    }

    // A workload has one application port: the service port that targets it leads there; a service's only port always
    // does.
    private static bool Serves(WorkloadConfig workload, ServiceConfig service, ServicePortConfig port) =>
        workload.AppPort is { } app && (service.Ports.Length == 1 || port.TargetPort == app);
}

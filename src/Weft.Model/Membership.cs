using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>
/// Which workload belongs to which services: to the one it names, and to each whose selector its labels fit.
/// </summary>
internal sealed class Membership
{
    private readonly Dictionary<ObjectName, ImmutableArray<ObjectName>> _services = [];
    private readonly Dictionary<ObjectName, List<WorkloadConfig>> _workloads = [];

    private Membership()
    {
    }

    public static Membership Of(MeshObjects objects, Findings findings)
    {
        var members = new Membership();
        foreach (var workload in objects.Workloads)
        {
            var services = objects.Services
                .Where(s => Belongs(workload, s)).Select(s => s.Name).Order().ToImmutableArray();
            members._services[workload.Name] = services;
            foreach (var service in services)
            {
                members.In(service).Add(workload);
            }

            if (workload.Service is { } named && !services.Contains(named))
            {
                findings.Warn(
                    "WEFT2001", workload.Where,
                    $"Workload {workload.Name} names the service {named}, which does not exist.",
                    "add the Service, or correct spec.service");
            }
        }

        return members;
    }

    public ImmutableArray<ObjectName> ServicesOf(ObjectName workload) => _services[workload];

    public IReadOnlyList<WorkloadConfig> WorkloadsOf(ObjectName service) =>
        _workloads.TryGetValue(service, out var list) ? list : [];

    private static bool Belongs(WorkloadConfig workload, ServiceConfig service) =>
        workload.Service == service.Name
        || (workload.Name.Namespace == service.Name.Namespace
            && !service.Selector.IsEmpty
            && service.Selector.All(l => workload.Labels.TryGetValue(l.Key, out var value) && value == l.Value));

    private List<WorkloadConfig> In(ObjectName service)
    {
        if (!_workloads.TryGetValue(service, out var list))
        {
            _workloads[service] = list = [];
        }

        return list;
    }
}

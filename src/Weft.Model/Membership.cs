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

    public static Membership None { get; } = new();

    public static Membership Of(MeshObjects objects, Membership former, Findings findings)
    {
        var members = new Membership();
        var byName = objects.Services.ToDictionary(s => s.Name);
        // One label of each selector finds the services that a workload may belong to, without asking all of them.
        var selecting = objects.Services.Where(s => !s.Selector.IsEmpty)
            .ToLookup(s => (s.Name.Namespace, s.Selector.First()));
        foreach (var workload in objects.Workloads)
        {
            var selected = workload.Labels.SelectMany(label => selecting[(workload.Name.Namespace, label)])
                .Where(s => s.Selector.All(l => workload.Labels.TryGetValue(l.Key, out var value) && value == l.Value))
                .Select(s => s.Name);
            var named = workload.Service is { } name && byName.ContainsKey(name) ? name : (ObjectName?)null;
            members.Add(workload, [.. selected.Concat(named is { } one ? [one] : []).Distinct().Order()], former);
            if (workload.Service is not null && named is null)
            {
                findings.Warn(
                    "WEFT2001", workload.Where,
                    $"Workload {workload.Name} names the service {workload.Service}, which does not exist.",
                    "add the Service, or correct spec.service");
            }
        }

        return members;
    }

    public ImmutableArray<ObjectName> ServicesOf(ObjectName workload) => _services[workload];

    public IReadOnlyList<WorkloadConfig> WorkloadsOf(ObjectName service) =>
        _workloads.TryGetValue(service, out var list) ? list : [];

    private void Add(WorkloadConfig workload, ImmutableArray<ObjectName> services, Membership former)
    {
        _services[workload.Name] = former._services.TryGetValue(workload.Name, out var same) && same.SequenceEqual(services)
            ? same
            : services;
        foreach (var service in services)
        {
            if (!_workloads.TryGetValue(service, out var list))
            {
                _workloads[service] = list = [];
            }

            list.Add(workload);
        }
    }
}

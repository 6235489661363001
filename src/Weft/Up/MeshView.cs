using System.Collections.Immutable;
using Weft.Admin;
using Weft.ControlPlane;
using Weft.Model;
using Weft.Translation;

namespace Weft.Up;

/// <summary>What the screen of <c>weft up</c> shows at one moment.</summary>
/// <param name="Requests">Answered by services, per second.</param>
/// <param name="Errors">The part of them that failed, 0 to 1.</param>
internal sealed record MeshView(
    int ProxiesSynced,
    int Proxies,
    double Requests,
    double Errors,
    ImmutableArray<ServiceView> Services,
    ImmutableArray<DiagnosticView> Diagnostics,
    ImmutableArray<string> Messages)
{
    /// <summary>Puts the mesh, the traffic and what went wrong together. Pure.</summary>
    public static MeshView Of(
        MeshSnapshot mesh,
        ImmutableSortedDictionary<string, ClusterCount> traffic,
        StatusView status,
        ImmutableArray<string> messages)
    {
        var services = ServiceView.Of(mesh, traffic);
        var (requests, errors) = (services.Sum(s => s.Requests), services.Sum(s => s.Versions.Sum(v => v.Errors)));
        var rejected = status.Proxies.SelectMany(p => p.Types.Values.Where(t => t.Error is not null)
            .Select(t => $"{p.Node} rejected: {t.Error}"));
        return new(
            status.Proxies.Count(p => p.State == "synced" && mesh.Workloads.ContainsKey(NodeGroup.NameOf(p.Node))),
            mesh.Workloads.Count,
            requests,
            requests > 0 ? errors / requests : 0,
            services,
            [.. status.Diagnostics.Where(d => d.Severity != "info")],
            [.. rejected, .. messages]);
    }
}

/// <summary>A service that is called, with where its requests go.</summary>
internal sealed record ServiceView(string Name, double Requests, ImmutableArray<VersionView> Versions)
{
    public static ImmutableArray<ServiceView> Of(MeshSnapshot mesh, ImmutableSortedDictionary<string, ClusterCount> traffic)
    {
        var behindRoutes = mesh.Services.Values.SelectMany(s => Destinations(s).Where(d => d != s.Name)).ToHashSet();
        return [.. mesh.Services.Values
            .Where(s => !behindRoutes.Contains(s.Name))
            .Select(service =>
            {
                var counts = Destinations(service).Select(name => (name, Count: Count(name, traffic))).ToList();
                var total = counts.Sum(c => c.Count.Requests);
                return new ServiceView(service.Name.Name, total, [.. counts.Select(c => new VersionView(
                    Label(mesh, c.name), c.Count.Requests, total > 0 ? c.Count.Requests / total : 0, c.Count.Errors))]);
            })];
    }

    // Where the routes of a service lead; to itself where it has none.
    private static List<ObjectName> Destinations(Service service)
    {
        var routed = service.Ports.SelectMany(p => p.Routes).SelectMany(r => r.Backends)
            .Where(b => b.Exists).Select(b => b.Service).Distinct().Order().ToList();
        return routed.Count == 0 ? [service.Name] : routed;
    }

    private static ClusterCount Count(ObjectName service, ImmutableSortedDictionary<string, ClusterCount> traffic) =>
        traffic.Where(c => ClusterName.TryParseOutbound(c.Key, out var name, out _) && name == service)
            .Aggregate(default(ClusterCount), (sum, c) => sum + c.Value);

    // The version that all its workloads share says more than the name of the service that stands for it.
    private static string Label(MeshSnapshot mesh, ObjectName service)
    {
        var versions = mesh.Services.GetValueOrDefault(service)?.Ports
            .SelectMany(p => p.Endpoints).Select(e => e.Version).Distinct(StringComparer.Ordinal).ToList();
        return versions is [{ Length: > 0 } version] ? version : service.Name;
    }
}

/// <summary>A part of a service's requests.</summary>
/// <param name="Share">Its part of the service's requests, 0 to 1.</param>
/// <param name="Errors">Failed requests per second.</param>
internal sealed record VersionView(string Version, double Requests, double Share, double Errors);

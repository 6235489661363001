using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

using GatewayTable = SortedTable<ObjectName, Gateway>;
using ServiceTable = SortedTable<ObjectName, Service>;
using WorkloadTable = SortedTable<ObjectName, Workload>;

/// <summary>
/// The composition, step by step; an arrow is "is made of". What users change most, endpoints, is needed by the fewest.
/// <code>
///   services, grants ──► index ──┬─► policies ──┬─► routing ──────┬──► services ──► mesh
///   workloads ───────────► members ─────────────┼─────────────────┤    workloads ──►
///   policies, routes, gateways, secrets ────────┘    slices ──────┘    settings ──►
///   plugins, workloads, gateways ──► plugins by proxy ──► workloads, gateways
/// </code>
/// </summary>
internal sealed record CompositionStages(
    Stage<(ImmutableArray<ServiceConfig>, ImmutableArray<ReferenceGrantConfig>), ServiceIndex> Index,
    Stage<(ImmutableArray<WorkloadConfig>, ImmutableArray<ServiceConfig>), Membership> Members,
    Stage<(ImmutableArray<TrafficPolicyConfig>, ImmutableArray<RouteConfig>, ServiceIndex), PolicyIndex> Policies,
    Stage<RoutingParts, Routing> Routing,
    Stage<ImmutableArray<EndpointSliceConfig>, SliceIndex> Slices,
    Stage<ServiceParts, ServiceTable> Services,
    Stage<(ImmutableArray<WasmPluginConfig>, ImmutableArray<WorkloadConfig>, ImmutableArray<GatewayConfig>), PluginIndex> Plugins,
    Stage<(Membership, PluginIndex), WorkloadTable> Workloads,
    Stage<(GatewayTable, PluginIndex), GatewayTable> Gateways,
    Stage<ImmutableArray<MeshConfig>, MeshSettings> Settings,
    Stage<(ServiceTable, WorkloadTable, GatewayTable, MeshSettings), MeshSnapshot> Mesh,
    Stage<(Findings, Findings, Findings, Findings, Findings), Said> Said)
{
    public static CompositionStages Next(MeshObjects objects, CompositionStages? before)
    {
        var index = Stage.Next(
            before?.Index, (objects.Services, objects.Grants), (_, _) => new ServiceIndex(objects.Services, objects.Grants));
        var members = Stage.Next(
            before?.Members, (objects.Workloads, objects.Services),
            (former, findings) => Membership.Of(objects, former?.Output ?? Membership.None, findings));
        var policies = Stage.Next(
            before?.Policies, (objects.Policies, objects.Routes, index.Output),
            (former, findings) => PolicyIndex.Of(objects, index.Output, findings).Or(former?.Output));
        var routing = Stage.Next(
            before?.Routing,
            new RoutingParts(objects.Routes, objects.Gateways, objects.Secrets, objects.Namespaces, index.Output, policies.Output),
            (former, findings) => (former?.Output ?? Model.Routing.None).Next(objects, index.Output, policies.Output, findings));
        var slices = Stage.Next(
            before?.Slices, objects.EndpointSlices, (former, _) => (former?.Output ?? SliceIndex.Empty).Next(objects.EndpointSlices));
        var parts = new ServiceParts(
            objects.Services, slices.Output, index.Output, members.Output, routing.Output.Services, policies.Output);
        var services = Stage.Next(
            before?.Services, parts,
            (former, _) => ServiceComposer.Compose(parts, former?.Input, former?.Output ?? ServiceTable.Empty));
        var plugins = Stage.Next(
            before?.Plugins, (objects.Plugins, objects.Workloads, objects.Gateways),
            (former, findings) => (former?.Output ?? PluginIndex.Empty).Next(objects, findings));
        // Which ports lead to a workload does not depend on slices, so services count here through the members only.
        var workloads = Stage.Next(
            before?.Workloads, (members.Output, plugins.Output),
            (former, _) => WorkloadComposer.Compose(
                objects, members.Output, services.Output, plugins.Output, former?.Output ?? WorkloadTable.Empty));
        var gateways = Stage.Next(
            before?.Gateways, (routing.Output.Gateways, plugins.Output),
            (former, _) => WithPlugins(routing.Output.Gateways, plugins.Output, former?.Output ?? GatewayTable.Empty));
        var settings = Stage.Next(before?.Settings, objects.Meshes, (_, findings) => SettingsOf(objects, findings));
        var mesh = Stage.Next(
            before?.Mesh, (services.Output, workloads.Output, gateways.Output, settings.Output),
            (former, _) => (former?.Output ?? MeshSnapshot.Empty).Next(
                services.Output, workloads.Output, gateways.Output, settings.Output));
        var said = Stage.Next(
            before?.Said, (members.Findings, policies.Findings, routing.Findings, plugins.Findings, settings.Findings), (_, findings) =>
            {
                findings.Add(members.Findings);
                findings.Add(policies.Findings);
                findings.Add(routing.Findings);
                findings.Add(plugins.Findings);
                findings.Add(settings.Findings);
                return new Said(findings.Diagnostics, findings.Status);
            });
        return new(index, members, policies, routing, slices, services, plugins, workloads, gateways, settings, mesh, said);
    }

    private static GatewayTable WithPlugins(GatewayTable gateways, PluginIndex plugins, GatewayTable former) =>
        plugins == PluginIndex.Empty ? gateways : SortedTable.Of(gateways.Select(g =>
        {
            var made = g.Value with { Plugins = plugins.OfGateway(g.Key) };
            return KeyValuePair.Create(g.Key, former.GetValueOrDefault(g.Key) is { } same && same == made ? same : made);
        }));

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
}

/// <summary>What all steps had to say.</summary>
internal sealed record Said(ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<ObjectStatus> Status);

/// <summary>What routes are compiled of.</summary>
internal sealed record RoutingParts(
    ImmutableArray<RouteConfig> Routes,
    ImmutableArray<GatewayConfig> Gateways,
    ImmutableArray<SecretConfig> Secrets,
    ImmutableArray<NamespaceConfig> Namespaces,
    ServiceIndex Index,
    PolicyIndex Policies);

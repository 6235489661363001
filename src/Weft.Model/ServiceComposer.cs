using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>What services are made of.</summary>
internal sealed record ServiceParts(
    ImmutableArray<ServiceConfig> Configs,
    SliceIndex Slices,
    ServiceIndex Index,
    Membership Members,
    ServiceRoutes Routes,
    PolicyIndex Policies)
{
    /// <summary>
    /// The services whose endpoints the slices that differ are of; null where more than slices differs, which may touch
    /// every service.
    /// </summary>
    public ImmutableArray<ObjectName>? TouchedSince(ServiceParts former) =>
        former == this with { Slices = former.Slices }
            ? [.. Slices.ByService.Since(former.Slices.ByService).Select(c => c.Key)]
            : null;
}

/// <summary>Makes services of their parts; one that comes out as it was is the object that it was.</summary>
internal static class ServiceComposer
{
    public static SortedTable<ObjectName, Service> Compose(
        ServiceParts parts, ServiceParts? formerParts, SortedTable<ObjectName, Service> former)
    {
        if (formerParts is null || parts.TouchedSince(formerParts) is not { } touched)
        {
            return SortedTable.Of(parts.Configs.Select(
                c => KeyValuePair.Create(c.Name, Kept(former.GetValueOrDefault(c.Name), Made(c, parts)))));
        }

        return former.With(
        [
            .. touched.Select(parts.Index.Find).OfType<ServiceConfig>().Select(
                c => KeyValuePair.Create(c.Name, (Service?)Kept(former[c.Name], Made(c, parts)))),
        ]);
    }

    private static Service Made(ServiceConfig config, ServiceParts parts) => new(
        config.Name,
        [
            .. config.Ports.OrderBy(p => p.Port).Select(port =>
            {
                var routes = parts.Routes.For(config.Name, port.Port);
                return new ServicePort(
                    port.Name, port.Port, port.Protocol, EndpointList.Of(config, port, parts.Slices.Of(config.Name), parts.Members),
                    routes.All, routes.Consumers, parts.Policies.Of(config, port.Name));
            }),
        ]);

    private static Service Kept(Service? former, Service made)
    {
        if (former is null || former.Ports.Length != made.Ports.Length)
        {
            return made;
        }

        var ports = made.Ports.Zip(former.Ports, Kept).ToImmutableArray();
        return ports.SequenceEqual(former.Ports) ? former : made with { Ports = ports };
    }

    private static ServicePort Kept(ServicePort made, ServicePort former) =>
        made.Endpoints.SequenceEqual(former.Endpoints) ? made with { Endpoints = former.Endpoints } : made;
}

using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>
/// The whole mesh at one moment: services with their endpoints and routes, workloads, and gateways. Made by
/// <see cref="MeshComposer"/>; equal contents have equal versions, whatever file they stood in.
/// </summary>
public sealed record MeshSnapshot(
    SortedTable<ObjectName, Service> Services,
    SortedTable<ObjectName, Workload> Workloads,
    SortedTable<ObjectName, Gateway> Gateways,
    MeshSettings Settings,
    ContentHash Version)
{
    /// <summary>A mesh without anything.</summary>
    public static MeshSnapshot Empty { get; } = new(
        SortedTable<ObjectName, Service>.Empty, SortedTable<ObjectName, Workload>.Empty, SortedTable<ObjectName, Gateway>.Empty,
        MeshSettings.Default, ContentHash.Empty);

    internal MeshSnapshot Next(
        SortedTable<ObjectName, Service> services, SortedTable<ObjectName, Workload> workloads,
        SortedTable<ObjectName, Gateway> gateways, MeshSettings settings)
    {
        var next = this with { Services = services, Workloads = workloads, Gateways = gateways, Settings = settings };
        return next with { Version = MeshHash.Next(this, next) };
    }
}

/// <summary>A service as clients see it.</summary>
/// <param name="Ports">In order of port number.</param>
public sealed record Service(ObjectName Name, ImmutableArray<ServicePort> Ports)
{
    /// <summary>The port of this number, or null.</summary>
    public ServicePort? PortOf(int number) => Ports.FirstOrDefault(p => p.Port == number);
}

/// <summary>A port of a service with everything that decides where its requests go.</summary>
/// <param name="Endpoints">In order of address and port, without repeats; empty where nobody serves it.</param>
/// <param name="Routes">
/// In order of precedence; where none fits the request gets 404. Empty where no route attaches: then all requests go to
/// the endpoints.
/// </param>
/// <param name="ConsumerRoutes">
/// By the namespace of the clients: the routes that clients have made for themselves, which hold instead.
/// </param>
public sealed record ServicePort(
    string Name,
    int Port,
    AppProtocol Protocol,
    ImmutableArray<Endpoint> Endpoints,
    ImmutableArray<Route> Routes,
    ImmutableSortedDictionary<string, ImmutableArray<Route>> ConsumerRoutes,
    TrafficPolicy Policy)
{
    /// <summary>The routes that hold for clients of a namespace.</summary>
    public ImmutableArray<Route> RoutesFor(string clientNamespace) =>
        ConsumerRoutes.TryGetValue(clientNamespace, out var own) ? own : Routes;
}

/// <summary>Where a service port is served.</summary>
/// <param name="Address">An IP address.</param>
/// <param name="Ready">Whether it may get traffic.</param>
/// <param name="Zone">Its availability zone, empty where unknown.</param>
/// <param name="Workload">The workload it is, or null where an EndpointSlice lists it.</param>
/// <param name="Version">The workload's label <c>version</c>, empty where unknown.</param>
public sealed record Endpoint(string Address, int Port, bool Ready, string Zone, ObjectName? Workload, string Version);

/// <summary>An instance of an application with its proxy.</summary>
/// <param name="Services">The services it belongs to, in order.</param>
public sealed record Workload(
    ObjectName Name,
    ImmutableArray<ObjectName> Services,
    ImmutableSortedDictionary<string, string> Labels,
    string Address,
    int? AppPort,
    int? InboundPort,
    int? OutboundPort,
    ImmutableArray<TcpOutboundConfig> TcpOutbound,
    AppProtocol Protocol,
    RunConfig? Run)
{
    /// <summary>The plugins in its proxy, in the order in which requests pass them.</summary>
    public ImmutableArray<PluginUse> Plugins { get; init; } = [];
}

using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>
/// What the users wrote, decoded and well-formed each by itself; no two of a kind have the same name. What it means
/// together is a <see cref="MeshSnapshot"/>.
/// </summary>
public sealed record MeshObjects(
    ImmutableArray<ServiceConfig> Services,
    ImmutableArray<EndpointSliceConfig> EndpointSlices,
    ImmutableArray<RouteConfig> Routes,
    ImmutableArray<WorkloadConfig> Workloads,
    ImmutableArray<GatewayConfig> Gateways,
    ImmutableArray<ReferenceGrantConfig> Grants,
    ImmutableArray<SecretConfig> Secrets,
    ImmutableArray<TrafficPolicyConfig> Policies,
    ImmutableArray<NamespaceConfig> Namespaces,
    ImmutableArray<MeshConfig> Meshes)
{
    /// <summary>Nothing.</summary>
    public static MeshObjects Empty { get; } = new([], [], [], [], [], [], [], [], [], []);

    /// <summary>Modules that run within proxies.</summary>
    public ImmutableArray<WasmPluginConfig> Plugins { get; init; } = [];
}

/// <summary>A Kubernetes <c>Service</c>.</summary>
/// <param name="Selector">Labels that a workload must carry to belong to it; empty selects none.</param>
public sealed record ServiceConfig(
    ObjectName Name,
    ImmutableArray<ServicePortConfig> Ports,
    ImmutableSortedDictionary<string, string> Selector,
    SourcePosition Where);

/// <summary>A port of a <c>Service</c>.</summary>
/// <param name="Name">Its name, empty where it has none.</param>
/// <param name="TargetPort">The port the application listens on; <paramref name="Port"/> where it is not said.</param>
public sealed record ServicePortConfig(string Name, int Port, int TargetPort, AppProtocol Protocol);

/// <summary>A Kubernetes <c>EndpointSlice</c>.</summary>
/// <param name="Service">
/// The service whose endpoints it lists, from the label <c>kubernetes.io/service-name</c>.
/// </param>
public sealed record EndpointSliceConfig(
    ObjectName Name,
    ObjectName Service,
    ImmutableArray<SlicePortConfig> Ports,
    ImmutableArray<SliceEndpointConfig> Endpoints,
    SourcePosition Where);

/// <summary>A port that every endpoint of the slice serves; its name is the service port's.</summary>
public sealed record SlicePortConfig(string Name, int Port);

/// <summary>One endpoint of a slice.</summary>
/// <param name="Addresses">IP addresses, interchangeable.</param>
/// <param name="Ready">Whether it may get traffic; true where the slice does not say.</param>
public sealed record SliceEndpointConfig(ImmutableArray<string> Addresses, bool Ready, string Zone);

/// <summary>
/// A <c>Workload</c> of <c>weft.dev/v1alpha1</c>: one instance of an application with a proxy beside it.
/// </summary>
/// <param name="Service">The service it belongs to by name; null where only selectors decide.</param>
/// <param name="Address">Where its peers reach it: an IP address.</param>
/// <param name="AppPort">
/// Where the application listens, on the same machine as its proxy; null for a pure client.
/// </param>
/// <param name="InboundPort">Where its proxy takes the requests of peers; null where no proxy stands in front.</param>
/// <param name="OutboundPort">
/// Where its proxy takes the application's own requests, chosen by Host; null where it sends none.
/// </param>
public sealed record WorkloadConfig(
    ObjectName Name,
    ObjectName? Service,
    ImmutableSortedDictionary<string, string> Labels,
    string Address,
    int? AppPort,
    int? InboundPort,
    int? OutboundPort,
    ImmutableArray<TcpOutboundConfig> TcpOutbound,
    RunConfig? Run,
    SourcePosition Where);

/// <summary>A port of loopback that leads an application to a service that speaks no HTTP, whose name no Host header tells.</summary>
public sealed record TcpOutboundConfig(ObjectName Service, int Port, int Listen);

/// <summary>The command that <c>weft up</c> starts for a workload.</summary>
/// <param name="Command">Program and arguments; a relative program path starts at the manifest's folder.</param>
/// <param name="Environment">Added to the environment of the command.</param>
/// <param name="Build">A command that makes the program where it is missing; empty where there is none.</param>
/// <param name="Folder">The folder that relative paths start at.</param>
public sealed record RunConfig(
    ImmutableArray<string> Command,
    ImmutableSortedDictionary<string, string> Environment,
    ImmutableArray<string> Build,
    string Folder);

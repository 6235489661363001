using Envoy.Service.Cluster.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Endpoint.V3;
using Envoy.Service.Extension.V3;
using Envoy.Service.Listener.V3;
using Envoy.Service.Route.V3;
using Envoy.Service.Runtime.V3;
using Envoy.Service.Secret.V3;
using Grpc.Core;

namespace Weft.Tests.Xds.Conformance;

/// <summary>The generated client of each service.</summary>
internal static class Services
{
    /// <summary>The types that have a service of their own.</summary>
    public static readonly string[] Types = ["cds", "eds", "lds", "rds", "srds", "sds", "rtds", "ecds"];

    public static AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> OpenSotw(
        ChannelBase channel, string? type, CancellationToken test) => type switch
        {
            "cds" => new ClusterDiscoveryService.ClusterDiscoveryServiceClient(channel).StreamClusters(cancellationToken: test),
            "eds" => new EndpointDiscoveryService.EndpointDiscoveryServiceClient(channel).StreamEndpoints(cancellationToken: test),
            "lds" => new ListenerDiscoveryService.ListenerDiscoveryServiceClient(channel).StreamListeners(cancellationToken: test),
            "rds" => new RouteDiscoveryService.RouteDiscoveryServiceClient(channel).StreamRoutes(cancellationToken: test),
            "srds" => new ScopedRoutesDiscoveryService.ScopedRoutesDiscoveryServiceClient(channel)
                .StreamScopedRoutes(cancellationToken: test),
            "sds" => new SecretDiscoveryService.SecretDiscoveryServiceClient(channel).StreamSecrets(cancellationToken: test),
            "rtds" => new RuntimeDiscoveryService.RuntimeDiscoveryServiceClient(channel).StreamRuntime(cancellationToken: test),
            "ecds" => new ExtensionConfigDiscoveryService.ExtensionConfigDiscoveryServiceClient(channel)
                .StreamExtensionConfigs(cancellationToken: test),
            _ => new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel)
                .StreamAggregatedResources(cancellationToken: test),
        };

    public static AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> OpenDelta(
        ChannelBase channel, string? type, CancellationToken test) => type switch
        {
            "cds" => new ClusterDiscoveryService.ClusterDiscoveryServiceClient(channel).DeltaClusters(cancellationToken: test),
            "eds" => new EndpointDiscoveryService.EndpointDiscoveryServiceClient(channel).DeltaEndpoints(cancellationToken: test),
            "lds" => new ListenerDiscoveryService.ListenerDiscoveryServiceClient(channel).DeltaListeners(cancellationToken: test),
            "rds" => new RouteDiscoveryService.RouteDiscoveryServiceClient(channel).DeltaRoutes(cancellationToken: test),
            "srds" => new ScopedRoutesDiscoveryService.ScopedRoutesDiscoveryServiceClient(channel)
                .DeltaScopedRoutes(cancellationToken: test),
            "sds" => new SecretDiscoveryService.SecretDiscoveryServiceClient(channel).DeltaSecrets(cancellationToken: test),
            "rtds" => new RuntimeDiscoveryService.RuntimeDiscoveryServiceClient(channel).DeltaRuntime(cancellationToken: test),
            "ecds" => new ExtensionConfigDiscoveryService.ExtensionConfigDiscoveryServiceClient(channel)
                .DeltaExtensionConfigs(cancellationToken: test),
            "vhds" => new VirtualHostDiscoveryService.VirtualHostDiscoveryServiceClient(channel)
                .DeltaVirtualHosts(cancellationToken: test),
            _ => new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel)
                .DeltaAggregatedResources(cancellationToken: test),
        };
}

using Envoy.Service.Cluster.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Endpoint.V3;
using Envoy.Service.Extension.V3;
using Envoy.Service.Listener.V3;
using Envoy.Service.Route.V3;
using Envoy.Service.Runtime.V3;
using Envoy.Service.Secret.V3;
using Grpc.Core;
using DeltaRequests = Grpc.Core.IAsyncStreamReader<Envoy.Service.Discovery.V3.DeltaDiscoveryRequest>;
using DeltaResponses = Grpc.Core.IServerStreamWriter<Envoy.Service.Discovery.V3.DeltaDiscoveryResponse>;
using SotwRequests = Grpc.Core.IAsyncStreamReader<Envoy.Service.Discovery.V3.DiscoveryRequest>;
using SotwResponses = Grpc.Core.IServerStreamWriter<Envoy.Service.Discovery.V3.DiscoveryResponse>;

// The gRPC services: the aggregated one, and one for each type that has its own. All do the same.
namespace Weft.Xds.Serving;

internal sealed class AggregatedDiscovery(DiscoveryStreams streams) : AggregatedDiscoveryService.AggregatedDiscoveryServiceBase
{
    public override Task StreamAggregatedResources(SotwRequests requests, SotwResponses responses, ServerCallContext context) =>
        streams.SotwAsync(requests, responses, context);

    public override Task DeltaAggregatedResources(DeltaRequests requests, DeltaResponses responses, ServerCallContext context) =>
        streams.DeltaAsync(requests, responses, context);
}

internal sealed class ClusterDiscovery(DiscoveryStreams streams) : ClusterDiscoveryService.ClusterDiscoveryServiceBase
{
    public override Task StreamClusters(SotwRequests requests, SotwResponses responses, ServerCallContext context) =>
        streams.SotwAsync(requests, responses, context, TypeUrl.Cluster);

    public override Task DeltaClusters(DeltaRequests requests, DeltaResponses responses, ServerCallContext context) =>
        streams.DeltaAsync(requests, responses, context, TypeUrl.Cluster);
}

internal sealed class EndpointDiscovery(DiscoveryStreams streams) : EndpointDiscoveryService.EndpointDiscoveryServiceBase
{
    public override Task StreamEndpoints(SotwRequests requests, SotwResponses responses, ServerCallContext context) =>
        streams.SotwAsync(requests, responses, context, TypeUrl.Endpoints);

    public override Task DeltaEndpoints(DeltaRequests requests, DeltaResponses responses, ServerCallContext context) =>
        streams.DeltaAsync(requests, responses, context, TypeUrl.Endpoints);
}

internal sealed class ListenerDiscovery(DiscoveryStreams streams) : ListenerDiscoveryService.ListenerDiscoveryServiceBase
{
    public override Task StreamListeners(SotwRequests requests, SotwResponses responses, ServerCallContext context) =>
        streams.SotwAsync(requests, responses, context, TypeUrl.Listener);

    public override Task DeltaListeners(DeltaRequests requests, DeltaResponses responses, ServerCallContext context) =>
        streams.DeltaAsync(requests, responses, context, TypeUrl.Listener);
}

internal sealed class RouteDiscovery(DiscoveryStreams streams) : RouteDiscoveryService.RouteDiscoveryServiceBase
{
    public override Task StreamRoutes(SotwRequests requests, SotwResponses responses, ServerCallContext context) =>
        streams.SotwAsync(requests, responses, context, TypeUrl.Route);

    public override Task DeltaRoutes(DeltaRequests requests, DeltaResponses responses, ServerCallContext context) =>
        streams.DeltaAsync(requests, responses, context, TypeUrl.Route);
}

internal sealed class ScopedRoutesDiscovery(DiscoveryStreams streams) : ScopedRoutesDiscoveryService.ScopedRoutesDiscoveryServiceBase
{
    public override Task StreamScopedRoutes(SotwRequests requests, SotwResponses responses, ServerCallContext context) =>
        streams.SotwAsync(requests, responses, context, TypeUrl.ScopedRoute);

    public override Task DeltaScopedRoutes(DeltaRequests requests, DeltaResponses responses, ServerCallContext context) =>
        streams.DeltaAsync(requests, responses, context, TypeUrl.ScopedRoute);
}

// "VHDS … uses the delta xDS protocol": the service has no other method.
internal sealed class VirtualHostDiscovery(DiscoveryStreams streams) : VirtualHostDiscoveryService.VirtualHostDiscoveryServiceBase
{
    public override Task DeltaVirtualHosts(DeltaRequests requests, DeltaResponses responses, ServerCallContext context) =>
        streams.DeltaAsync(requests, responses, context, TypeUrl.VirtualHost);
}

internal sealed class SecretDiscovery(DiscoveryStreams streams) : SecretDiscoveryService.SecretDiscoveryServiceBase
{
    public override Task StreamSecrets(SotwRequests requests, SotwResponses responses, ServerCallContext context) =>
        streams.SotwAsync(requests, responses, context, TypeUrl.Secret);

    public override Task DeltaSecrets(DeltaRequests requests, DeltaResponses responses, ServerCallContext context) =>
        streams.DeltaAsync(requests, responses, context, TypeUrl.Secret);
}

internal sealed class RuntimeDiscovery(DiscoveryStreams streams) : RuntimeDiscoveryService.RuntimeDiscoveryServiceBase
{
    public override Task StreamRuntime(SotwRequests requests, SotwResponses responses, ServerCallContext context) =>
        streams.SotwAsync(requests, responses, context, TypeUrl.Runtime);

    public override Task DeltaRuntime(DeltaRequests requests, DeltaResponses responses, ServerCallContext context) =>
        streams.DeltaAsync(requests, responses, context, TypeUrl.Runtime);
}

internal sealed class ExtensionConfigDiscovery(DiscoveryStreams streams) : ExtensionConfigDiscoveryService.ExtensionConfigDiscoveryServiceBase
{
    public override Task StreamExtensionConfigs(SotwRequests requests, SotwResponses responses, ServerCallContext context) =>
        streams.SotwAsync(requests, responses, context, TypeUrl.ExtensionConfig);

    public override Task DeltaExtensionConfigs(DeltaRequests requests, DeltaResponses responses, ServerCallContext context) =>
        streams.DeltaAsync(requests, responses, context, TypeUrl.ExtensionConfig);
}

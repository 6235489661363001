using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Weft.Xds.Streams;
using Response = Weft.Xds.Streams.Response;

namespace Weft.Xds.Serving;

/// <summary>The gRPC service <c>envoy.service.discovery.v3.AggregatedDiscoveryService</c>: messages to inputs, responses to messages.</summary>
internal sealed class AggregatedDiscovery(StreamRunner runner, XdsServer server)
    : AggregatedDiscoveryService.AggregatedDiscoveryServiceBase
{
    private readonly ControlPlane _identity = new() { Identifier = server.Settings.ControlPlaneIdentifier };

    public override Task StreamAggregatedResources(
        IAsyncStreamReader<DiscoveryRequest> requestStream,
        IServerStreamWriter<DiscoveryResponse> responseStream,
        ServerCallContext context)
    {
        var machine = new SotwStream(runner.Limits);
        return runner.RunAsync(
            new StreamMachine(false, machine.Step, () => machine.Types, () => machine.WakeAt),
            requestStream, Read, response => responseStream.WriteAsync(Sotw(response), context.CancellationToken), context);
    }

    public override Task DeltaAggregatedResources(
        IAsyncStreamReader<DeltaDiscoveryRequest> requestStream,
        IServerStreamWriter<DeltaDiscoveryResponse> responseStream,
        ServerCallContext context)
    {
        var machine = new DeltaStream(runner.Limits);
        return runner.RunAsync(
            new StreamMachine(true, machine.Step, () => machine.Types, () => machine.WakeAt),
            requestStream, Read, response => responseStream.WriteAsync(Delta(response), context.CancellationToken), context);
    }

    private static (Node? Node, string TypeUrl, StreamInput Input) Read(DiscoveryRequest request) => (
        request.Node, request.TypeUrl, new StreamInput.SotwRequest(
            request.TypeUrl, request.ResponseNonce, request.ResourceNames, request.ErrorDetail?.Message));

    private static (Node? Node, string TypeUrl, StreamInput Input) Read(DeltaDiscoveryRequest request) => (
        request.Node, request.TypeUrl, new StreamInput.DeltaRequest(
            request.TypeUrl,
            request.ResponseNonce,
            request.ResourceNamesSubscribe,
            request.ResourceNamesUnsubscribe,
            request.InitialResourceVersions.AsReadOnly(),
            request.ErrorDetail?.Message));

    private DiscoveryResponse Sotw(Response response)
    {
        var message = new DiscoveryResponse
        {
            TypeUrl = response.TypeUrl,
            VersionInfo = response.Version,
            Nonce = response.Nonce,
            ControlPlane = _identity,
        };
        message.Resources.AddRange(response.Resources.Select(r => r.Any));
        return message;
    }

    private DeltaDiscoveryResponse Delta(Response response)
    {
        var message = new DeltaDiscoveryResponse
        {
            TypeUrl = response.TypeUrl,
            SystemVersionInfo = response.Version,
            Nonce = response.Nonce,
            ControlPlane = _identity,
        };
        message.Resources.AddRange(response.Resources.Select(r => r.Envelope));
        message.RemovedResources.AddRange(response.Removed);
        return message;
    }
}

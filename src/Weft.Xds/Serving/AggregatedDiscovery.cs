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
            requestStream, Read, (response, ending) => responseStream.WriteAsync(Sotw(response), ending), context);
    }

    public override Task DeltaAggregatedResources(
        IAsyncStreamReader<DeltaDiscoveryRequest> requestStream,
        IServerStreamWriter<DeltaDiscoveryResponse> responseStream,
        ServerCallContext context)
    {
        var machine = new DeltaStream(runner.Limits);
        return runner.RunAsync(
            new StreamMachine(true, machine.Step, () => machine.Types, () => machine.WakeAt),
            requestStream, Read, (response, ending) => responseStream.WriteAsync(Delta(response), ending), context);
    }

    private static (Node? Node, string TypeUrl, StreamInput Input) Read(DiscoveryRequest request) => (
        request.Node, request.TypeUrl, new StreamInput.SotwRequest(
            request.TypeUrl, request.ResponseNonce, request.ResourceNames, Text(request.ErrorDetail)));

    private static (Node? Node, string TypeUrl, StreamInput Input) Read(DeltaDiscoveryRequest request) => (
        request.Node, request.TypeUrl, new StreamInput.DeltaRequest(
            request.TypeUrl,
            request.ResponseNonce,
            request.ResourceNamesSubscribe,
            request.ResourceNamesUnsubscribe,
            request.InitialResourceVersions.AsReadOnly(),
            Text(request.ErrorDetail)));

    // "NACK is signified by the presence of error_detail", whatever it says; a client may say too much.
    private static string? Text(Google.Rpc.Status? error) => error?.Message is { Length: > StreamLimits.MaxErrorText } text
        ? text[..StreamLimits.MaxErrorText]
        : error?.Message;

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

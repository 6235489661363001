using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Weft.Xds.Streams;
using Response = Weft.Xds.Streams.Response;

namespace Weft.Xds.Serving;

/// <summary>What all discovery services share: opens a stream's machine, and turns messages to inputs, responses to messages.</summary>
internal sealed class DiscoveryStreams(StreamRunner runner, XdsServer server)
{
    private readonly ControlPlane _identity = new() { Identifier = server.Settings.ControlPlaneIdentifier };

    /// <summary>Runs a state-of-the-world stream to its end.</summary>
    /// <param name="only">The one type of the service; null for the aggregated one.</param>
    public Task SotwAsync(
        IAsyncStreamReader<DiscoveryRequest> requests,
        IServerStreamWriter<DiscoveryResponse> responses,
        ServerCallContext context,
        string? only = null)
    {
        var machine = new SotwStream(LimitsOf(only));
        return runner.RunAsync(
            new StreamMachine(false, machine.Step, () => machine.Types, () => machine.WakeAt),
            requests,
            request => Read(RequestLimits.Checked(request), TypeOf(request.TypeUrl, only)),
            (response, ending) => responses.WriteAsync(Sotw(response), ending),
            context);
    }

    /// <summary>Runs a delta stream to its end.</summary>
    /// <param name="only">The one type of the service; null for the aggregated one.</param>
    public Task DeltaAsync(
        IAsyncStreamReader<DeltaDiscoveryRequest> requests,
        IServerStreamWriter<DeltaDiscoveryResponse> responses,
        ServerCallContext context,
        string? only = null)
    {
        var machine = new DeltaStream(LimitsOf(only));
        return runner.RunAsync(
            new StreamMachine(true, machine.Step, () => machine.Types, () => machine.WakeAt),
            requests,
            request => Read(RequestLimits.Checked(request), TypeOf(request.TypeUrl, only)),
            (response, ending) => responses.WriteAsync(Delta(response), ending),
            context);
    }

    // What other types need, a stream of one type does not see.
    private StreamLimits LimitsOf(string? only) => only is null ? runner.Limits : runner.Limits with { Patience = null };

    // The type "is implicit for singleton xDS APIs, such as CDS, LDS, etc., but is required for ADS" (discovery.proto).
    private static string TypeOf(string asked, string? only)
    {
        if (only is null || asked == only)
        {
            return asked;
        }

        return asked.Length == 0
            ? only
            : throw new RpcException(new Status(StatusCode.InvalidArgument, $"This service is for {only}, not for {asked}."));
    }

    private static (Node? Node, string TypeUrl, StreamInput Input) Read(DiscoveryRequest request, string type) => (
        request.Node, type, new StreamInput.SotwRequest(
            type, request.ResponseNonce, request.ResourceNames, Text(request.ErrorDetail), request.VersionInfo.Length > 0));

    private static (Node? Node, string TypeUrl, StreamInput Input) Read(DeltaDiscoveryRequest request, string type) => (
        request.Node, type, new StreamInput.DeltaRequest(
            type,
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

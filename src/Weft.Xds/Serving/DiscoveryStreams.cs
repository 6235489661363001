using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Weft.Xds.Frames;
using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>
/// What all discovery services share: opens a stream's machine, and the way its messages go: straight through the pipes
/// of the call, or by gRPC where it has something to do with them.
/// </summary>
internal sealed class DiscoveryStreams(StreamRunner runner, XdsServer server, IOptions<GrpcServiceOptions> grpc)
{
    private readonly ResponseMessages _messages = new(server.Settings.ControlPlaneIdentifier);
    private readonly ResponseFormat _sotw = ResponseFormat.Sotw(server.Settings.ControlPlaneIdentifier);
    private readonly ResponseFormat _delta = ResponseFormat.Delta(server.Settings.ControlPlaneIdentifier);
    private readonly RequestFormat _requests = new();

    /// <summary>Runs a state-of-the-world stream to its end.</summary>
    /// <param name="only">The one type of the service; null for the aggregated one.</param>
    public Task SotwAsync(
        IAsyncStreamReader<DiscoveryRequest> requests,
        IServerStreamWriter<DiscoveryResponse> responses,
        ServerCallContext context,
        string? only = null)
    {
        var machine = new StreamMachine(new SotwStream(LimitsOf(only)));
        return IsPlain(context.GetHttpContext(), requests, responses)
            ? RunAsync(machine, _requests.Sotw, _sotw, context, only)
            : runner.RunAsync(
                machine,
                new MessageRequests<DiscoveryRequest, Asked>(requests, message => RequestFormat.Sotw(RequestLimits.Checked(message))),
                asked => Read(asked, only),
                new MessageWriter((response, cut) => responses.WriteAsync(_messages.Sotw(response), cut)),
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
        var machine = new StreamMachine(new DeltaStream(LimitsOf(only)));
        return IsPlain(context.GetHttpContext(), requests, responses)
            ? RunAsync(machine, _requests.Delta, _delta, context, only)
            : runner.RunAsync(
                machine,
                new MessageRequests<DeltaDiscoveryRequest, Asked>(requests, message => RequestFormat.Delta(RequestLimits.Checked(message))),
                asked => Read(asked, only),
                new MessageWriter((response, cut) => responses.WriteAsync(_messages.Delta(response), cut)),
                context);
    }

    private Task RunAsync(
        StreamMachine machine, FrameRequests<Asked>.Reading read, ResponseFormat format, ServerCallContext context, string? only)
    {
        var call = context.GetHttpContext();
        return runner.RunAsync(
            machine,
            new FrameRequests<Asked>(call.Request.BodyReader, server.Settings.MaxRequestBytes, read),
            asked => Read(asked, only),
            new FrameWriter(format, call),
            context);
    }

    // Not where messages are compressed, nor where an interceptor has put itself between gRPC and the service.
    private bool IsPlain(HttpContext call, object requests, object responses) =>
        grpc.Value.ResponseCompressionAlgorithm is null
        && IsIdentity(call.Request.Headers) && IsIdentity(call.Response.Headers)
        && requests.GetType().Assembly == typeof(GrpcServiceOptions).Assembly
        && responses.GetType().Assembly == typeof(GrpcServiceOptions).Assembly;

    private static bool IsIdentity(IHeaderDictionary headers) =>
        headers["grpc-encoding"] is var encoding && (encoding.Count == 0 || encoding is ["identity"]);

    // What other types need, a stream of one type does not see.
    private StreamLimits LimitsOf(string? only) => only is null ? runner.Limits : runner.Limits with { Patience = null };

    private static (Node? Node, string TypeUrl, StreamInput Input) Read(Asked asked, string? only)
    {
        var (type, input) = asked.Input switch
        {
            StreamInput.SotwRequest sotw when TypeOf(sotw.TypeUrl, only) is var of =>
                (of, of == sotw.TypeUrl ? sotw : sotw with { TypeUrl = of }),
            StreamInput.DeltaRequest delta when TypeOf(delta.TypeUrl, only) is var of =>
                (of, of == delta.TypeUrl ? delta : delta with { TypeUrl = of }),
            _ => ("", asked.Input),
        };
        return (asked.Node, type, input);
    }

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
}

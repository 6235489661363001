using Envoy.Service.Status.V3;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Weft.Xds.Serving;

namespace Weft.Xds.Statuses;

/// <summary>The gRPC service <c>envoy.service.status.v3.ClientStatusDiscoveryService</c>.</summary>
internal sealed partial class ClientStatusDiscovery(
    XdsServer server, StreamGate gate, IHostApplicationLifetime lifetime, ILogger<ClientStatusDiscovery> logger)
    : ClientStatusDiscoveryService.ClientStatusDiscoveryServiceBase
{
    public override Task<ClientStatusResponse> FetchClientStatus(ClientStatusRequest request, ServerCallContext context)
    {
        gate.Check(context, AccessClaim.Status.Instance);
        return AnswerAsync(request, context.CancellationToken);
    }

    /// <summary>An answer to each request, as of then.</summary>
    public override async Task StreamClientStatus(
        IAsyncStreamReader<ClientStatusRequest> requestStream,
        IServerStreamWriter<ClientStatusResponse> responseStream,
        ServerCallContext context)
    {
        var gone = context.CancellationToken;
        using var guard = gate.Enter(context, static _ => AccessClaim.Status.Instance);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping, guard.Refused);
        await StreamEnd.TellAsync(() => guard.RunAsync(RunAsync), e => Log.StreamFailed(logger, e, context.Peer), gone, ending.Token);

        async Task RunAsync()
        {
            while (await requestStream.MoveNext(ending.Token))
            {
                guard.Take(null);
                await responseStream.WriteAsync(await AnswerAsync(requestStream.Current, ending.Token), ending.Token);
            }
        }
    }

    private async Task<ClientStatusResponse> AnswerAsync(ClientStatusRequest request, CancellationToken cancellation)
    {
        try
        {
            return await server.ClientStatusAsync(request, cancellation);
        }
        catch (ArgumentException e)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The status stream of {Peer} failed")]
        public static partial void StreamFailed(ILogger logger, Exception exception, string peer);
    }
}

using System.Threading.Channels;
using Envoy.Config.Core.V3;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>
/// Runs a stream from its opening to its end: registers the client, moves its requests to the loop, and tells a client
/// that went, or a server that drains, from an error.
/// </summary>
internal sealed partial class StreamRunner(
    XdsServer server,
    StreamGate gate,
    XdsMetrics metrics,
    Admission admission,
    PushGate pushGate,
    OverloadMetrics overload,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<StreamRunner> logger)
{
    // Requests read ahead of the loop; when it is full the reader waits, and with it, by HTTP/2 flow control, the client.
    private const int RequestsAhead = 16;

    // How long a response that is being written when the server drains may take before it is cut off.
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(1);

    public StreamLimits Limits { get; } = StreamLimits.Of(server.Settings);

    public async Task RunAsync<TRequest>(
        StreamMachine machine,
        IRequests<TRequest> requests,
        Func<TRequest, (Node? Node, string TypeUrl, StreamInput Input)> read,
        ResponseWriter responses,
        ServerCallContext context)
    {
        using var guard = gate.Enter(context, static node => new AccessClaim.Resources(node));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, lifetime.ApplicationStopping, guard.Refused);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, guard.Refused);
        await using var last = lifetime.ApplicationStopping.Register(() => cut.CancelAfter(LastWrite));
        using var place = admission.Open();
        await using var age = server.Lifetimes.Begin(context, ending, cut, overload.Aged);
        var (id, client) = server.Enter(new(new Node(), context.Peer, machine.IsDelta, time.GetUtcNow(), null, []));
        var inbox = Channel.CreateBounded<TRequest>(RequestsAhead);
        var pump = PumpAsync(requests, inbox.Writer, client.Signal, ending.Token);
        using var open = metrics.StreamOpened(machine.IsDelta);
        using var pushes = new PushTrace();
        var isAggregated = context.Method.StartsWith($"/{XdsServices.AggregatedService}/", StringComparison.Ordinal);
        var sync = new FirstSync(isAggregated, server.Settings.Overload.MaxSyncTime, place.Settled);
        var sizes = new OversizeWatch(overload, logger, () => client.Status.Value.Node.Id, context.Peer);
        void Sending(Response response)
        {
            sizes.Look(response);
            guard.Sent();
        }

        void Failed(Exception e)
        {
            metrics.StreamFailed();
            Log.StreamFailed(logger, e, client.Status.Value.Node.Id, context.Peer);
        }

        try
        {
            await StreamEnd.TellAsync(
                () => guard.RunAsync(async () =>
                {
                    await place.EnterAsync(inbox.Reader, ending.Token);
                    await new StreamLoop<TRequest>(
                            server, metrics, pushes, time, logger, machine, sync, new(pushGate), inbox.Reader, Guarded(guard, read),
                            responses, Sending, client, cut.Token)
                        .RunAsync(ending.Token);
                }),
                Failed, context.CancellationToken, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await pump;
            server.Leave(id);
        }
    }

    private static Func<TRequest, (Node? Node, string TypeUrl, StreamInput Input)> Guarded<TRequest>(
        StreamGuard guard, Func<TRequest, (Node? Node, string TypeUrl, StreamInput Input)> read) => message =>
        {
            var request = read(message);
            guard.Take(request.Node);
            return request;
        };

    // gRPC reads belong to one reader; it only moves messages, so that the loop can wait for several things at once.
    private static async Task PumpAsync<TRequest>(
        IRequests<TRequest> requests, ChannelWriter<TRequest> inbox, Signal arrived, CancellationToken ending)
    {
        try
        {
            while (await requests.MoveNextAsync(ending))
            {
                await inbox.WriteAsync(requests.Current, ending);
                arrived.SetAndRun();
            }

            inbox.Complete();
        }
        catch (Exception e)
        {
            // Whatever ended the reading ends the loop, which knows whether it was an error.
            inbox.Complete(e);
        }

        arrived.Set();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The stream of {Node} at {Peer} failed")]
        public static partial void StreamFailed(ILogger logger, Exception exception, string node, string peer);
    }
}

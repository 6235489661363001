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
    XdsServer server, XdsMetrics metrics, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StreamRunner> logger)
{
    // Requests read ahead of the loop; when it is full the reader waits, and with it, by HTTP/2 flow control, the client.
    private const int RequestsAhead = 16;

    // How long a response that is being written when the server drains may take before it is cut off.
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(1);

    public StreamLimits Limits { get; } = new(server.Settings.MaxResponseBytes, server.Settings.WarmingTimeout);

    public async Task RunAsync<TRequest>(
        StreamMachine machine,
        IRequests<TRequest> requests,
        Func<TRequest, (Node? Node, string TypeUrl, StreamInput Input)> read,
        ResponseWriter responses,
        ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        await using var last = lifetime.ApplicationStopping.Register(() => cut.CancelAfter(LastWrite));
        var (id, client) = server.Enter(new(new Node(), context.Peer, machine.IsDelta, time.GetUtcNow(), null, []));
        var inbox = Channel.CreateBounded<TRequest>(RequestsAhead);
        var pump = PumpAsync(requests, inbox.Writer, client.Signal, ending.Token);
        using var open = metrics.StreamOpened(machine.IsDelta);
        using var pushes = new PushTrace();
        void Failed(Exception e)
        {
            metrics.StreamFailed();
            Log.StreamFailed(logger, e, client.Status.Value.Node.Id, context.Peer);
        }

        try
        {
            await StreamEnd.TellAsync(
                () => new StreamLoop<TRequest>(
                        server, metrics, pushes, time, logger, machine, inbox.Reader, read, responses, client, cut.Token)
                    .RunAsync(ending.Token),
                Failed, context.CancellationToken, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await pump;
            server.Leave(id);
        }
    }

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

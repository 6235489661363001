using System.Net.Sockets;
using Envoy.Config.Endpoint.V3;
using Grpc.Core;
using Grpc.Net.Client;

namespace Weft.XdsLoad;

/// <summary>Many streams on a few connections.</summary>
internal sealed class Streams : IDisposable
{
    private readonly GrpcChannel[] _channels;
    private readonly int _clusters;

    public Streams(int connections, int clusters)
    {
        _clusters = clusters;
        _channels = [.. Enumerable.Range(0, connections).Select(_ => GrpcChannel.ForAddress(Server.Target, new()
        {
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false },
        }))];
    }

    /// <summary>Opens streams and keeps them open, on a new server if need be, until <paramref name="ending"/>.</summary>
    /// <returns>Completes when all have everything.</returns>
    public Task OpenAsync(int from, int to, int reads, CancellationToken ending, Action<ClusterLoadAssignment>? arrived = null) =>
        Task.WhenAll(Enumerable.Range(from, to - from).Select(i => KeepAsync(i, reads, arrived, ending)));

    public void Dispose() => Array.ForEach(_channels, channel => channel.Dispose());

    private async Task KeepAsync(int i, int reads, Action<ClusterLoadAssignment>? arrived, CancellationToken ending)
    {
        while (true)
        {
            var stream = new LoadStream(_channels[i % _channels.Length], $"node-{i}", _clusters, arrived);
            var run = stream.RunAsync(reads, ending);
            if (await Task.WhenAny(stream.Synced, run) == stream.Synced)
            {
                _ = run.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
                return;
            }

            try
            {
                await run;
            }
            catch (Exception e) when (!ending.IsCancellationRequested && e is RpcException or IOException or SocketException)
            {
                // The server is not there yet, or no more.
                await Task.Delay(20, ending);
            }
        }
    }
}

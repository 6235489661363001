using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Envoy.Config.Endpoint.V3;

namespace Weft.XdsLoad;

/// <summary>Changes that do not stop, with and without clients that never read.</summary>
internal sealed class Steady
{
    // Whose assignments are looked at: to look at all would measure the client.
    private const int Sampled = 20;
    private readonly ConcurrentDictionary<int, long> _at = new();
    private readonly ConcurrentQueue<double> _latencies = new();

    // Servers change one cluster after the other, and each time one of a cluster's ports by so much: the first two rounds
    // show from where, and by how much.
    private readonly Channel<(string Cluster, int Port)> _arrived = Channel.CreateUnbounded<(string, int)>();
    private readonly Dictionary<string, (int Order, int Port)> _first = [];
    private volatile int _step;

    public static async Task RunAsync(string command, int streams, int connections, int clusters, int perSecond, int seconds, int silent)
    {
        using var server = new Server(command, clusters);
        server.Start();
        using var ending = new CancellationTokenSource();
        using var all = new Streams(connections, clusters);
        var steady = new Steady();
        // One that never reads has connections of its own, as a process that hangs has.
        using var own = new Streams(Math.Max(1, silent), clusters);
        await Task.WhenAll(
            all.OpenAsync(silent, streams - Sampled, int.MaxValue, ending.Token),
            all.OpenAsync(streams - Sampled, streams, int.MaxValue, ending.Token, steady.Arrived),
            own.OpenAsync(0, silent, 2, ending.Token));
        await steady.LearnAsync(server, clusters);
        var (before, cpu) = await server.LookAsync(collect: true);
        var (early, changes) = await steady.ChangeAsync(server, clusters + 1, perSecond, seconds);
        var late = await server.LookAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        var (after, _) = await server.LookAsync(collect: true);
        var sorted = steady._latencies.Order().ToArray();
        Console.WriteLine(
            $"{streams} streams, {silent} of which never read, {changes} changes in {seconds} s: change to ACK "
            + $"p50 {sorted[sorted.Length / 2]:F1} ms, p99 {sorted[sorted.Length * 99 / 100]:F1} ms, server {late.Cpu - cpu:F0} ms, memory "
            + $"{before >> 20} MiB idle, {early >> 20} MiB after a third, {late.Rss >> 20} MiB at the end, {after >> 20} MiB after it");
        await ending.CancelAsync();
    }

    private void Arrived(ClusterLoadAssignment assignment)
    {
        var port = assignment.Endpoints.SelectMany(l => l.LbEndpoints)
            .Max(e => (int)e.Endpoint.Address.SocketAddress.PortValue);
        if (_step == 0)
        {
            _arrived.Writer.TryWrite((assignment.ClusterName, port));
            return;
        }

        var (order, first) = _first[assignment.ClusterName];
        if (_at.TryGetValue(((port - first) / _step * _first.Count) + order, out var at))
        {
            _latencies.Enqueue(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
        }
    }

    private async Task LearnAsync(Server server, int clusters)
    {
        while (_arrived.Reader.TryRead(out _))
        {
            // Of the first sync.
        }

        for (var change = 0; change <= clusters; change++)
        {
            await server.ChangeAsync();
            // What others of the clients have of the first sync, or of the change before, may come between.
            while (true)
            {
                var (cluster, port) = await _arrived.Reader.ReadAsync();
                if (change < clusters ? _first.TryAdd(cluster, (change, port)) : port != _first[cluster].Port)
                {
                    _step = change < clusters ? 0 : port - _first[cluster].Port;
                    break;
                }
            }
        }
    }

    private async Task<(long Rss, int Changes)> ChangeAsync(Server server, int before, int perSecond, int seconds)
    {
        var (began, done, early) = (Stopwatch.GetTimestamp(), 0, 0L);
        while (Stopwatch.GetElapsedTime(began).TotalSeconds is var now && now < seconds)
        {
            // A server that cannot take so many is asked for what it can.
            for (; done < now * perSecond && Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; done++)
            {
                _at[before + done] = Stopwatch.GetTimestamp();
                await server.ChangeAsync();
                if (early == 0 && Stopwatch.GetElapsedTime(began).TotalSeconds > seconds / 3.0)
                {
                    (early, _) = await server.LookAsync();
                }
            }

            await Task.Delay(1);
        }

        return (early, done);
    }
}

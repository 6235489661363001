using System.Collections.Concurrent;
using System.Diagnostics;
using Envoy.Config.Endpoint.V3;

namespace Weft.XdsLoad;

/// <summary>Changes that do not stop, with and without clients that never read.</summary>
internal sealed class Steady
{
    // Whose assignments are looked at: to look at all would measure the client.
    private const int Sampled = 20;
    private const int Ports = 50_000;

    private readonly long[] _at = new long[Ports];
    private readonly TaskCompletionSource<int> _firstPort = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Each server counts its changes, and the ports that tell of them, from where it likes.
    private int _portOfFirst;
    private volatile bool _isSynced;
    private readonly ConcurrentQueue<double> _latencies = new();

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
        steady._isSynced = true;
        await server.ChangeAsync();
        steady._portOfFirst = await steady._firstPort.Task;
        var (before, cpu) = await server.LookAsync(collect: true);
        var (early, changes) = await steady.ChangeAsync(server, perSecond, seconds);
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
        if (_isSynced)
        {
            _firstPort.TrySetResult(port);
        }

        var change = (port - _portOfFirst + Ports) % Ports;
        if (_portOfFirst > 0 && Volatile.Read(ref _at[change]) is var at and > 0)
        {
            _latencies.Enqueue(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
        }
    }

    private async Task<(long Rss, int Changes)> ChangeAsync(Server server, int perSecond, int seconds)
    {
        var (began, done, early) = (Stopwatch.GetTimestamp(), 0, 0L);
        while (Stopwatch.GetElapsedTime(began).TotalSeconds is var now && now < seconds)
        {
            // A server that cannot take so many is asked for what it can.
            for (; done < now * perSecond && Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; done++)
            {
                // The one before the first was there to find out how they are counted.
                Volatile.Write(ref _at[(done + 1) % Ports], Stopwatch.GetTimestamp());
                await server.ChangeAsync();
            }

            if (early == 0 && now > seconds / 3.0)
            {
                (early, _) = await server.LookAsync();
            }

            await Task.Delay(1);
        }

        return (early, done);
    }
}

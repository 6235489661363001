using System.Diagnostics;

namespace Weft.XdsLoad;

/// <summary>The server is killed, and all its clients come to the new one at once.</summary>
internal static class Storm
{
    public static async Task RunAsync(string command, int streams, int connections, int clusters)
    {
        using var server = new Server(command, clusters);
        server.Start();
        var idle = await SyncAsync(server, streams, connections, clusters, async () => (await server.LookAsync(collect: true)).Rss);
        server.Kill();
        server.Start();
        var began = Stopwatch.GetTimestamp();
        await SyncAsync(server, streams, connections, clusters, async () =>
        {
            var took = Stopwatch.GetElapsedTime(began);
            var (_, cpu) = await server.LookAsync();
            Console.WriteLine(
                $"storm of {streams} on {connections} connections: all synced after {took.TotalSeconds:F1} s, server {cpu:F0} ms, "
                + $"idle before {idle >> 20} MiB, peak {server.Peak >> 20} MiB ({(double)server.Peak / idle:F2} of idle)");
            return 0L;
        });
    }

    private static async Task<long> SyncAsync(Server server, int streams, int connections, int clusters, Func<Task<long>> then)
    {
        using var ending = new CancellationTokenSource();
        using var all = new Streams(connections, clusters);
        await all.OpenAsync(0, streams, int.MaxValue, ending.Token);
        var result = await then();
        await ending.CancelAsync();
        return result;
    }
}

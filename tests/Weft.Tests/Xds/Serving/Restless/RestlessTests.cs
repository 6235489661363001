using System.Diagnostics;
using System.Globalization;
using System.Net;
using Grpc.Net.Client;
using Weft.Testing;
using Weft.Xds;
using SentOnce = Weft.Xds.Client.SentOnce;

namespace Weft.Tests.Xds.Serving.Restless;

/// <summary>The memory of the process is measured: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(RestlessTests), DisableParallelization = true)]
public sealed class Alone;

/// <summary>
/// Clients come and go, connections break, streams grow old, servers die and come back, and all the while something is
/// published: nothing is lost, and nothing is left behind.
/// </summary>
[Collection(nameof(RestlessTests))]
public sealed class RestlessTests(ITestOutputHelper output) : IAsyncDisposable
{
    /// <summary>The one route configuration.</summary>
    public const string Routes = "r";

    /// <summary>
    /// After so long a client asks a silent server for a sign of life. A server that dies in this process may leave a
    /// connection that it has just accepted open, and nobody at its other end.
    /// </summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(1);

    private const int Clusters = 20;
    private const int SharedConnections = 3;

    // How often, in rounds, all must have come to rest, and the server dies.
    private const int Rest = 4;
    private const int Death = 5;

    // Of fifty clients one is killed in each round, and a connection broken.
    private const int Lives = 50;

    // What is measured twice at rest differs by what is pooled and buffered at the moment. What each of thousands of
    // kills leaves behind, a stream with all that it knows, would be many times that.
    private const long PooledMemory = 8 << 20;
    private const int PooledThreads = 32;

    private readonly Random _dice = new(Soak.Seed());
    private readonly int[] _versions = new int[Clusters];
    private readonly RestlessServer _server = new(Soak.Runs(0, 20) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan);
    private readonly List<RestlessClient> _clients = [];
    private readonly List<GrpcChannel> _channels = [];
    private int _rounds;
    private int _kills;

    [Fact]
    [Trait(Soak.Trait, "true")]
    public async Task Every_client_has_what_is_published_in_the_end_and_nothing_has_grown()
    {
        await _server.RestartAsync();
        _channels.AddRange(Enumerable.Range(0, SharedConnections).Select(_ =>
            GrpcChannel.ForAddress($"http://{IPAddress.Loopback}:{_server.Port}", new()
            {
                HttpHandler = new SentOnce(new SocketsHttpHandler
                {
                    EnableMultipleHttp2Connections = true,
                    KeepAlivePingDelay = KeepAlive,
                    KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                }),
                DisposeHttpClient = true,
                InitialReconnectBackoff = TimeSpan.FromMilliseconds(20),
                MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),
            })));
        var count = Soak.Runs(50, 1000);
        for (var i = 0; i < count; i++)
        {
            _clients.Add(Born(i));
        }

        var third = TimeSpan.FromSeconds(Soak.Runs(0, 200));
        await LiveAsync(7, third);
        var early = await MeasureAsync();
        await LiveAsync(14, 2 * third);
        var late = await MeasureAsync();
        var told = $"{_rounds} rounds, {_kills} kills, {_rounds / Death} deaths of the server, {count} streams; "
            + $"at a third {early}; at the end {late}; WEFT_SEED={Soak.Seed()}";
        output.WriteLine(told);
        Assert.True(late.Memory <= early.Memory + (early.Memory / 10) + PooledMemory, told);
        Assert.True(late.Threads <= early.Threads + PooledThreads, told);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_clients.Select(c => c.DisposeAsync().AsTask()));
        _channels.ForEach(channel => channel.Dispose());
        await _server.DisposeAsync();
    }

    // One in sixteen speaks state of the world.
    private RestlessClient Born(int i)
    {
        RestlessClient client = i % 16 == 0
            ? new RestlessSotw($"n{i}", _channels[i / 16 % SharedConnections])
            : new RestlessDelta($"n{i}", _server.Port);
        client.Start();
        return client;
    }

    private async Task LiveAsync(int rounds, TimeSpan atLeast)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < rounds || Stopwatch.GetElapsedTime(start) < atLeast; i++)
        {
            _rounds++;
            Change();
            await KillSomeAsync();
            if (_rounds % Death == 0)
            {
                await _server.RestartAsync();
            }

            if (_rounds % Rest == 0)
            {
                await AllAtRestAsync();
            }
        }
    }

    // A cluster in four is gone at any time; the listener and its routes change with every round.
    private void Change()
    {
        for (var i = 0; i < 3; i++)
        {
            _versions[_dice.Next(Clusters)] = _dice.Next(4) == 0 ? 0 : _dice.Next(1, int.MaxValue);
        }

        var version = _dice.Next().ToString(CultureInfo.InvariantCulture);
        var there = Enumerable.Range(0, Clusters).Where(i => _versions[i] > 0).ToList();
        IEnumerable<XdsResource> resources =
        [
            .. there.Select(i => Resources.Make(TypeUrl.Cluster, $"c{i}", $"{_versions[i] % 2}", $"c{i}")),
            .. there.Select(i => Resources.Make(TypeUrl.Endpoints, $"c{i}", $"{_versions[i]}")),
            Resources.Make(TypeUrl.Listener, "l", version[..1], Routes),
            Resources.Make(TypeUrl.Route, Routes, version),
        ];
        _server.Publish(ResourceSet.Create(resources, _server.Set));
    }

    private async Task KillSomeAsync()
    {
        for (var i = 0; i < _clients.Count / Lives; i++)
        {
            var victim = _dice.Next(_clients.Count);
            await _clients[victim].DisposeAsync();
            _clients[victim] = Born(victim);
            _server.Break(_dice);
            _kills += 2;
        }
    }

    private async Task AllAtRestAsync()
    {
        foreach (var client in _clients)
        {
            await client.HasAsync(_server);
        }
    }

    private async Task<Footprint> MeasureAsync()
    {
        await AllAtRestAsync();
        // A server hears last of those that it lost.
        await Eventually.HoldsAsync(
            $"the server has {_clients.Count} streams", _ => Task.FromResult(_server.Streams == _clients.Count),
            cancellation: TestContext.Current.CancellationToken);
        using var process = Process.GetCurrentProcess();
        return new(GC.GetTotalMemory(forceFullCollection: true), process.Threads.Count);
    }

    private sealed record Footprint(long Memory, int Threads)
    {
        public override string ToString() => $"{Memory >> 10} KiB and {Threads} threads";
    }
}

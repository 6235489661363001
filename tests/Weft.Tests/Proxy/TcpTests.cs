using System.Net;
using System.Net.Sockets;
using System.Text;
using Envoy.Config.Cluster.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Microsoft.Extensions.Time.Testing;
using Weft.Xds;

namespace Weft.Tests.Proxy;

/// <summary>Connections whose bytes pass as they are.</summary>
public sealed class TcpTests : IAsyncDisposable
{
    private readonly TcpListener _service = new(IPAddress.Loopback, 0);
    private Mesh? _mesh;

    public TcpTests() => _service.Start();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IPEndPoint ServiceAddress => (IPEndPoint)_service.LocalEndpoint;

    [Fact]
    public async Task Bytes_pass_both_ways_and_either_side_may_end_first()
    {
        await StartAsync();
        foreach (var callerFirst in new[] { true, false })
        {
            var (caller, service) = await ConnectAsync();
            using (caller)
            using (service)
            {
                var (first, second) = callerFirst ? (caller, service) : (service, caller);
                await SendAsync(first, "hello");
                Assert.Equal("hello", await ReceiveAsync(second, 5));
                first.Shutdown(SocketShutdown.Send);
                Assert.Equal("", await ReceiveAsync(second, 1));

                // The other way is still open.
                await SendAsync(second, "well?");
                Assert.Equal("well?", await ReceiveAsync(first, 5));
                second.Shutdown(SocketShutdown.Send);
                Assert.Equal("", await ReceiveAsync(first, 1));
            }
        }

        await MetricAsync("envoy_tcp_downstream_cx_active{envoy_tcp_prefix=\"t\"} 0");
        await MetricAsync("envoy_tcp_downstream_cx_total{envoy_tcp_prefix=\"t\"} 2");
        await MetricAsync("envoy_tcp_downstream_cx_rx_bytes_total{envoy_tcp_prefix=\"t\"} 10");
        await MetricAsync("envoy_tcp_downstream_cx_tx_bytes_total{envoy_tcp_prefix=\"t\"} 10");
        await MetricAsync("envoy_cluster_upstream_cx_total{envoy_cluster_name=\"c\"} 2");
    }

    [Fact]
    public async Task Much_passes_whole_also_where_the_reader_is_late()
    {
        await StartAsync();
        var (caller, service) = await ConnectAsync();
        using var _ = caller;
        using var __ = service;
        var much = new byte[8 * 1024 * 1024];
        Random.Shared.NextBytes(much);
        var sending = Task.Run(async () =>
        {
            for (var sent = 0; sent < much.Length;)
            {
                sent += await caller.SendAsync(much.AsMemory(sent), Cancellation);
            }

            caller.Shutdown(SocketShutdown.Send);
        }, Cancellation);
        using var received = new MemoryStream();
        await using var stream = new NetworkStream(service);
        await stream.CopyToAsync(received, Cancellation);
        await sending;
        Assert.Equal(much, received.ToArray());
    }

    [Fact]
    public async Task A_connection_that_stands_still_ends_after_its_time()
    {
        var time = new FakeTimeProvider();
        await StartAsync(new() { IdleTimeout = new() { Seconds = 10 } }, time);
        var (caller, service) = await ConnectAsync();
        using var _ = caller;
        using var __ = service;
        time.Advance(TimeSpan.FromSeconds(9));
        await SendAsync(service, "x");
        Assert.Equal("x", await ReceiveAsync(caller, 1));
        time.Advance(TimeSpan.FromSeconds(9));
        await SendAsync(caller, "y");
        Assert.Equal("y", await ReceiveAsync(service, 1));

        // The proxy may have looked at its clock after the byte arrived here: what counts is that it ends.
        var ended = Task.WhenAll(EndOfAsync(caller), EndOfAsync(service));
        while (!ended.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(11));
            await Task.Yield();
        }

        await ended;
        await MetricAsync("envoy_tcp_idle_timeout{envoy_tcp_prefix=\"t\"} 1");
    }

    [Fact]
    public async Task A_connection_beyond_the_bound_is_closed()
    {
        await StartAsync(cluster: c => c.CircuitBreakers = new()
        {
            Thresholds = { new CircuitBreakers.Types.Thresholds { MaxConnections = 1 } },
        });
        var (caller, service) = await ConnectAsync();
        using (caller)
        using (service)
        {
            using var second = await CallAsync();
            await EndOfAsync(second);
            await MetricAsync("envoy_cluster_upstream_cx_overflow{envoy_cluster_name=\"c\"} 1");
        }

        await MetricAsync("envoy_tcp_downstream_cx_active{envoy_tcp_prefix=\"t\"} 0");
        var (again, served) = await ConnectAsync();
        again.Dispose();
        served.Dispose();
    }

    [Fact]
    public async Task Another_endpoint_is_tried_as_often_as_allowed()
    {
        using var dead = new TcpListener(IPAddress.Loopback, 0);
        dead.Start();
        var deadAddress = (IPEndPoint)dead.LocalEndpoint;
        dead.Stop();
        await StartAsync(new() { MaxConnectAttempts = 2 }, endpoints: [deadAddress, ServiceAddress]);
        for (var i = 0; i < 4; i++)
        {
            var (caller, service) = await ConnectAsync();
            caller.Dispose();
            service.Dispose();
        }

        var page = (await _mesh!.AdminAsync("/stats/prometheus")).Body;
        Assert.DoesNotContain("envoy_cluster_upstream_cx_connect_fail{envoy_cluster_name=\"c\"} 0", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_go_to_clusters_by_weight_and_are_closed_where_there_is_none()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var dice = 0.0;
        await StartAsync(
            new()
            {
                WeightedClusters = new()
                {
                    Clusters =
                    {
                        new TcpProxy.Types.WeightedCluster.Types.ClusterWeight { Name = "c", Weight = 3 },
                        new TcpProxy.Types.WeightedCluster.Types.ClusterWeight { Name = "missing", Weight = 1 },
                    },
                },
            },
            dice: () => dice);
        dice = 0.7;
        var (caller, service) = await ConnectAsync();
        caller.Dispose();
        service.Dispose();
        dice = 0.8;
        using var nowhere = await CallAsync();
        await EndOfAsync(nowhere);
        await MetricAsync("envoy_tcp_downstream_cx_no_route{envoy_tcp_prefix=\"t\"} 1");
    }

    [Fact]
    public async Task A_removed_listener_waits_for_its_connections_and_then_cuts_them()
    {
        var time = new FakeTimeProvider();
        await StartAsync(time: time);
        var address = _mesh!.AddressOf();
        var (caller, service) = await ConnectAsync();
        using var _ = caller;
        using var __ = service;
        _mesh.Plane.Remove(TypeUrl.Listener, "l");
        await _mesh.UntilAsync(s => s.Listeners.IsEmpty);
        await SendAsync(caller, "still");
        Assert.Equal("still", await ReceiveAsync(service, 5));
        using var late = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(async () => await late.ConnectAsync(address, Cancellation));

        time.Advance(TimeSpan.FromSeconds(11));
        await EndOfAsync(caller);
        await EndOfAsync(service);
    }

    [Fact]
    public async Task A_connection_outlives_a_change_of_its_listener_and_of_its_cluster()
    {
        await StartAsync();
        var (caller, service) = await ConnectAsync();
        using var _ = caller;
        using var __ = service;
        var changed = Resources.Cluster("c");
        changed.ConnectTimeout = new() { Seconds = 3 };
        var version = _mesh!.Plane.Apply(
            changed, Resources.TcpListener("l", new() { StatPrefix = "t", Cluster = "c", IdleTimeout = new() { Seconds = 9 } }));
        await _mesh.InUseAsync(TypeUrl.Listener, "l", version);
        await SendAsync(caller, "hello");
        Assert.Equal("hello", await ReceiveAsync(service, 5));
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await (_mesh?.DisposeAsync() ?? default);
    }

    private async Task StartAsync(
        TcpProxy? proxy = null, TimeProvider? time = null, Action<Cluster>? cluster = null, IPEndPoint[]? endpoints = null,
        Func<double>? dice = null)
    {
        _mesh = await Mesh.StartAsync(time, dice: dice);
        proxy ??= new();
        proxy.StatPrefix = "t";
        if (proxy.WeightedClusters is null)
        {
            proxy.Cluster = "c";
        }

        var message = Resources.Cluster("c");
        cluster?.Invoke(message);
        _mesh.Plane.Apply(
            message, Resources.Endpoints("c", endpoints ?? [ServiceAddress]), Resources.TcpListener("l", proxy));
        await _mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1);
    }

    private async Task<Socket> CallAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_mesh!.AddressOf(), Cancellation);
        return socket;
    }

    private async Task<(Socket Caller, Socket Service)> ConnectAsync() =>
        (await CallAsync(), await _service.AcceptSocketAsync(Cancellation));

    private static async Task SendAsync(Socket socket, string text) =>
        Assert.Equal(text.Length, await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancellation));

    private static async Task<string> ReceiveAsync(Socket socket, int length)
    {
        var bytes = new byte[length];
        var read = 0;
        while (read < length && await socket.ReceiveAsync(bytes.AsMemory(read), Cancellation) is > 0 and var more)
        {
            read += more;
        }

        return Encoding.ASCII.GetString(bytes, 0, read);
    }

    private static async Task EndOfAsync(Socket socket)
    {
        try
        {
            Assert.Equal("", await ReceiveAsync(socket, 1));
        }
        catch (SocketException)
        {
            // A reset is an end as well.
        }
    }

    /// <summary>Waits for a number, which follows the end of a connection after a moment.</summary>
    private async Task MetricAsync(string line)
    {
        while (!(await _mesh!.AdminAsync("/stats/prometheus")).Body.Contains(line + "\n", StringComparison.Ordinal))
        {
            await Task.Yield();
        }
    }
}

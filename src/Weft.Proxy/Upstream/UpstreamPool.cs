using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Weft.Proxy.Stats;

namespace Weft.Proxy.Upstream;

/// <summary>
/// The connections to a cluster's endpoints. They live as long as the cluster's definition, and after that until the
/// last request in flight has ended.
/// </summary>
internal sealed class UpstreamPool
{
    private readonly ConcurrentDictionary<IPEndPoint, EndpointState> _states = new();
    private readonly bool _beginsFailing;
    private readonly ClusterStats _stats;
    private volatile UpstreamCluster? _current;
    private readonly TimeSpan _connectTimeout;
    private readonly KeepaliveConfig? _keepalive;

    // The number of users: one for the table the pool stands in, one for each request. At zero it is over for good.
    private long _users = 1;

    public UpstreamPool(ClusterConfig cluster, ClusterStats stats, Func<double> dice)
    {
        _stats = stats;
        Retries = new(cluster.Breakers.Retries);
        Requests = new(cluster.Breakers.Requests);
        Connections = new(cluster.Breakers.Connections, cluster.Breakers.Pending);
        Outliers = cluster.Outlier is null ? null : new(cluster.Outlier, stats, dice);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            // traceparent passes as any other header: the proxy has written its own into it where it has one.
            ActivityHeadersPropagator = null,
            // The host is always an address: no name is looked up here.
            ConnectCallback = async (context, cancellation) => new NetworkStream(
                await ConnectAsync(new(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port), cancellation),
                ownsSocket: true),
        };
        cluster.Connections.ApplyTo(handler);
        Invoker = new(handler);
        _keepalive = cluster.Connections.Keepalive;
        _beginsFailing = cluster.HealthCheck is not null;
        _connectTimeout = cluster.ConnectTimeout;
    }

    public HttpMessageInvoker Invoker { get; }

    private CancellationTokenSource Stopping { get; } = new();

    /// <summary>The retries that are under way.</summary>
    public Breaker Retries { get; }

    /// <summary>The requests that are under way.</summary>
    public Breaker Requests { get; }

    /// <summary>The requests over HTTP/1.1 that are under way or wait.</summary>
    public ConnectionGate Connections { get; }

    /// <summary>Null where nobody is put aside.</summary>
    public OutlierDetector? Outliers { get; }

    /// <summary>The newest cluster that uses this pool.</summary>
    public UpstreamCluster? Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Gives each endpoint the state it had, and forgets those of endpoints that are gone.</summary>
    public WarmEndpoints Attach(EndpointSet told)
    {
        var present = told.Endpoints.Select(e => e.Address).ToHashSet();
        foreach (var gone in _states.Keys.Where(a => !present.Contains(a)))
        {
            _states.TryRemove(gone, out _);
        }

        return new(told, new([.. told.Endpoints.Select(e => e with { State = StateOf(e.Address) })]));
    }

    private EndpointState StateOf(IPEndPoint address) =>
        _states.GetOrAdd(address, _ => new() { Failing = _beginsFailing });

    /// <summary>
    /// Begins to ask the endpoints, and to take back those that were put aside, where the cluster wants it.
    /// </summary>
    /// <param name="broke">Called where that breaks, which it never should.</param>
    public void Watch(ClusterConfig cluster, TimeProvider time, Action<Exception> broke)
    {
        if (cluster.HealthCheck is not null || cluster.Outlier is not null)
        {
            _ = WatchAsync(new(this, cluster, time), broke);
        }
    }

    private async Task WatchAsync(HealthWatch watch, Action<Exception> broke)
    {
        try
        {
            await watch.RunAsync(Stopping.Token);
        }
        catch (Exception e)
        {
            broke(e);
        }
    }

    /// <summary>Ends the asking; requests in flight go on.</summary>
    public void StopWatching() => Stopping.Cancel();

    /// <summary>Joins the users. False when the pool is gone: then a newer table has been published.</summary>
    public bool TryEnter()
    {
        var users = Interlocked.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Ends what <see cref="TryEnter"/>, or the table, began.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            StopWatching();
            Invoker.Dispose();
            Connections.Dispose();
        }
    }

    /// <summary>Connects within the cluster's connect timeout.</summary>
    /// <exception cref="UpstreamConnectException">It did not come about.</exception>
    public async ValueTask<Socket> ConnectAsync(IPEndPoint address, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_connectTimeout);
        try
        {
            _keepalive?.ApplyTo(socket);
            await socket.ConnectAsync(address, timeout.Token);
            _stats.Connects.Increment();
            return socket;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            socket.Dispose();
            _stats.ConnectFailures.Increment();
            throw new UpstreamConnectException(address, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

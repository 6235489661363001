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
    private readonly ClusterStats _stats;
    private readonly TimeSpan _connectTimeout;

    // The number of users: one for the table the pool stands in, one for each request. At zero it is over for good.
    private long _users = 1;

    public UpstreamPool(ClusterConfig cluster, ClusterStats stats)
    {
        _stats = stats;
        _connectTimeout = cluster.ConnectTimeout;
        Invoker = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            // traceparent passes as any other header: the proxy makes no spans of its own.
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
        });
    }

    public HttpMessageInvoker Invoker { get; }

    /// <summary>The retries that are under way. "The default is 3."</summary>
    public Breaker Retries { get; } = new(3);

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
            Invoker.Dispose();
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        // The host is always an address: no name is looked up here.
        var address = new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_connectTimeout);
        try
        {
            await socket.ConnectAsync(address, timeout.Token);
            _stats.Connects.Increment();
            return new NetworkStream(socket, ownsSocket: true);
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

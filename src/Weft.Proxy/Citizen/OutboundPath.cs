using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Weft.Proxy.Citizen;

/// <summary>
/// The connections from the application to its proxy's outbound listener. Whatever host a request names, the connection
/// goes to that listener; so the request itself stays as it is, with its host as <c>Host</c> or <c>:authority</c>.
/// </summary>
internal sealed class OutboundPath : IDisposable
{
    private readonly MeshCitizen _citizen;
    private readonly WeftProxyOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _connections;
    private volatile bool _wasOpen;

    public OutboundPath(MeshCitizen citizen, IOptions<WeftProxyOptions> options, TimeProvider time)
    {
        _citizen = citizen;
        _options = options.Value;
        _time = time;
        _connections = new(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => ConnectAsync(cancellation),
            UseProxy = false,
            // Clients that know nothing of each other share this.
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
        });
    }

    /// <exception cref="NotSupportedException">The request is for TLS.</exception>
    /// <exception cref="HttpRequestException">It could not be sent, or the proxy has no configuration yet.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (request.RequestUri is { IsAbsoluteUri: true, Scheme: "https" or "wss" } address)
        {
            throw new NotSupportedException(
                $"Requests into the mesh are sent without TLS: write http://{address.Authority} instead of"
                + $" {address.Scheme}://{address.Authority}.");
        }

        if (!_wasOpen)
        {
            await OpenAsync(cancellation);
            _wasOpen = true;
        }

        return await _connections.SendAsync(request, cancellation);
    }

    public void Dispose() => _connections.Dispose();

    private ListenerStatus? Listener(ProxyStatus status) =>
        status.Listeners.FirstOrDefault(l => l.Name == _options.OutboundListener);

    /// <summary>Waits until the first complete configuration is in use, and the listener open.</summary>
    private async Task OpenAsync(CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(_options.ReadyTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            var proxy = await _citizen.Started.WaitAsync(either.Token);
            await foreach (var status in proxy.Status.WatchAsync(either.Token))
            {
                if (status.Ready && Listener(status) is { Address: not null })
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                $"The mesh is not ready: {CitizenState.Wanting(_citizen.Status, _options)} Waited"
                + $" {_options.ReadyTimeout.TotalSeconds} s (WeftProxyOptions.ReadyTimeout, Weft:ReadyTimeout).");
        }
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        // It may have gone since: a Workload without an outboundPort has none.
        var address = _citizen.Status is { } status ? Listener(status)?.Address : null;
        if (address is null)
        {
            throw new IOException(CitizenState.Wanting(_citizen.Status, _options));
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

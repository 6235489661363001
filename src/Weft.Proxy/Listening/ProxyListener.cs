using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Tcp;
using Weft.Proxy.Tls;

namespace Weft.Proxy.Listening;

/// <summary>A bound listener. Its view is replaced by reference; connections never notice.</summary>
internal sealed class ProxyListener
{
    private volatile ConnectionView _view;
    private readonly RequestPath _path;
    private readonly Func<ListenerView?> _cleartext;
    private ConnectionServer? _server;

    private ProxyListener(ConnectionView view, RequestPath path)
    {
        _view = view;
        _path = path;
        _cleartext = () => _view.Find("")?.Http;
    }

    public ConnectionView View
    {
        get => _view;
        set
        {
            _view = value;
            _server?.Limit(value.Config.Limits);
        }
    }

    public IPEndPoint LocalEndPoint => _server!.LocalEndPoint;

    /// <exception cref="IOException">The address is in use, or not of this machine.</exception>
    public static async Task<ProxyListener> OpenAsync(
        ConnectionView view, ConnectionPaths paths, TimeSpan handshakeTimeout, ILoggerFactory loggers,
        CancellationToken cancellation)
    {
        var listener = new ProxyListener(view, paths.Requests);
        listener._server = await ConnectionServer.StartAsync(
            view.Config.Address, new Rules(listener, paths.Bytes, handshakeTimeout), listener.ProcessAsync, loggers,
            cancellation);
        return listener;
    }

    /// <summary>Closes the address, and waits for the requests in flight at most <paramref name="patience"/>.</summary>
    public async Task DrainAsync(TimeSpan patience, TimeProvider time)
    {
        using var impatient = new CancellationTokenSource(patience, time);
        await _server!.StopAsync(impatient.Token);
        await _server.DisposeAsync();
    }

    private Task ProcessAsync(HttpContext context)
    {
        var current = context.Features.Get<SecureConnection>() is { } secure
            ? () => _view.Find(secure.Chain)?.Http
            : _cleartext;
        return _path.ProcessAsync(context, current);
    }

    private sealed class Rules(ProxyListener listener, TcpPath bytes, TimeSpan handshakeTimeout) : ConnectionRules
    {
        public override ConnectionKind Kind
        {
            get
            {
                listener._view.Stats.Connections.Increment();
                return listener._view.Kind;
            }
        }

        public override TimeSpan HandshakeTimeout => handshakeTimeout;

        public override ConnectionLimits Limits => listener._view.Config.Limits;

        public override bool Speaks(bool http2) => listener._view.Find("")?.Http?.Config.Versions switch
        {
            HttpVersions.Http1 => !http2,
            HttpVersions.Http2 => http2,
            _ => true,
        };

        public override (SecureConnection, SslServerAuthenticationOptions) Answer(string serverName) =>
            Handshake.Answer(listener._view, serverName);

        public override void HandshakeEnded(bool established)
        {
            var stats = listener._view.Stats;
            (established ? stats.Handshakes : stats.HandshakeErrors).Increment();
        }

        public override Task PassAsync(Socket caller, CancellationToken abort) =>
            bytes.ProcessAsync(caller, () => listener._view.Find("")?.Tcp, abort);
    }
}

/// <summary>The ways of what comes in.</summary>
internal sealed record ConnectionPaths(RequestPath Requests, TcpPath Bytes);

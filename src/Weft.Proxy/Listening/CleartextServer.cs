using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Weft.Proxy.Listening;

/// <summary>A small Kestrel on one address that speaks HTTP/1.1 and, with prior knowledge, HTTP/2.</summary>
internal sealed class CleartextServer : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly SniffingTransport _transport;

    private CleartextServer(KestrelServer server, SniffingTransport transport, IPEndPoint local)
    {
        _server = server;
        _transport = transport;
        LocalEndPoint = local;
    }

    /// <summary>The bound address; the port is the real one where 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <exception cref="IOException">The address is in use, or not of this machine.</exception>
    public static async Task<CleartextServer> StartAsync(
        IPEndPoint address, RequestDelegate app, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        IConnectionListener listener;
        try
        {
            listener = await sockets.BindAsync(address, cancellation);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or AddressInUseException)
        {
            throw new IOException($"cannot listen on {address}: {e.Message}", e);
        }

        var transport = new SniffingTransport(listener);
        var server = new KestrelServer(Options.Create(KestrelOptions()), transport, loggers);
        await server.StartAsync(new Application(app), cancellation);
        transport.Start();
        return new(server, transport, (IPEndPoint)listener.EndPoint);
    }

    /// <summary>
    /// Takes no new connections, ends idle ones, and waits for the requests in flight until
    /// <paramref name="impatient"/>; then those are aborted.
    /// </summary>
    public Task StopAsync(CancellationToken impatient) => _server.StopAsync(impatient);

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        await _transport.DisposeAsync();
    }

    private static KestrelServerOptions KestrelOptions()
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            AllowAlternateSchemes = true,
            ApplicationServices = new ServiceCollection().BuildServiceProvider(),
        };
        // A proxy bounds nothing that the two ends do not: bodies of any size, streams of any slowness.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.Http2.MaxStreamsPerConnection = 1000;
        // "idle_timeout … defaults to 1 hour."
        options.Limits.KeepAliveTimeout = TimeSpan.FromHours(1);
        options.Listen(new ProtocolEndPoint(HttpProtocols.Http1), o => o.Protocols = HttpProtocols.Http1);
        options.Listen(new ProtocolEndPoint(HttpProtocols.Http2), o => o.Protocols = HttpProtocols.Http2);
        return options;
    }

    private sealed class Application(RequestDelegate app) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) =>
            new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => app(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Weft.Proxy.Tls;

namespace Weft.Proxy.Listening;

/// <summary>
/// A small Kestrel on one address that speaks HTTP/1.1 and HTTP/2, the latter with prior knowledge or, within TLS, by
/// ALPN; connections that carry only bytes pass it by.
/// </summary>
internal sealed class ConnectionServer : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly SniffingTransport _transport;
    private readonly KestrelServerLimits _limits;

    private ConnectionServer(
        KestrelServer server, KestrelServerLimits limits, SniffingTransport transport, IPEndPoint local)
    {
        _server = server;
        _limits = limits;
        _transport = transport;
        LocalEndPoint = local;
    }

    /// <summary>The bound address; the port is the real one where 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Serves HTTP without TLS.</summary>
    /// <exception cref="IOException">The address is in use, or not of this machine.</exception>
    public static Task<ConnectionServer> StartAsync(
        IPEndPoint address, RequestDelegate app, ILoggerFactory loggers, CancellationToken cancellation) =>
        StartAsync(address, ConnectionRules.Cleartext, app, loggers, cancellation);

    /// <exception cref="IOException">The address is in use, or not of this machine.</exception>
    public static async Task<ConnectionServer> StartAsync(
        IPEndPoint address, ConnectionRules rules, RequestDelegate app, ILoggerFactory loggers, CancellationToken cancellation)
    {
        Socket listening;
        try
        {
            listening = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            listening.Listen();
        }
        catch (SocketException e)
        {
            throw new IOException($"cannot listen on {address}: {e.Message}", e);
        }

        var local = (IPEndPoint)listening.LocalEndPoint!;
        var transport = new SniffingTransport(listening, rules, loggers);
        var options = KestrelOptions(rules, loggers);
        var server = new KestrelServer(Options.Create(options), transport, loggers);
        await server.StartAsync(new Application(app), cancellation);
        transport.Start();
        return new(server, options.Limits, transport, local);
    }

    /// <summary>Kestrel reads its limits anew for each connection that it accepts.</summary>
    public void Limit(ConnectionLimits limits) => limits.ApplyTo(_limits);

    /// <summary>
    /// Takes no new connections, ends idle ones, and waits for the requests in flight, and for connections that carry
    /// bytes, until <paramref name="impatient"/>; then those are aborted.
    /// </summary>
    public async Task StopAsync(CancellationToken impatient)
    {
        await _server.StopAsync(impatient);
        await _transport.DrainAsync(impatient);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        await _transport.DisposeAsync();
    }

    private static KestrelServerOptions KestrelOptions(ConnectionRules rules, ILoggerFactory loggers)
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            AllowAlternateSchemes = true,
            ApplicationServices = Services(loggers),
        };
        // A proxy bounds nothing that the two ends do not: bodies of any size, streams of any slowness.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        rules.Limits.ApplyTo(options.Limits);
        options.Listen(ProtocolEndPoint.Http1, o => o.Protocols = HttpProtocols.Http1);
        options.Listen(ProtocolEndPoint.Http2, o => o.Protocols = HttpProtocols.Http2);
        options.Listen(ProtocolEndPoint.Secure, o => Secure(o, rules));
        return options;
    }

    /// <summary>What Kestrel's TLS asks for, which only its own host registers.</summary>
    private static ServiceProvider Services(ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        return builder.Services.AddSingleton(loggers).BuildServiceProvider();
    }

    private static void Secure(ListenOptions options, ConnectionRules rules)
    {
        options.Protocols = HttpProtocols.Http1AndHttp2;
        options.Use(next => async connection =>
        {
            await next(connection);
            if (connection.Features.Get<SecureConnection>() is not { IsEstablished: true })
            {
                rules.HandshakeEnded(established: false);
            }
        });
        options.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = rules.HandshakeTimeout,
            OnConnection = handshake =>
            {
                var (connection, answer) = rules.Answer(handshake.ClientHelloInfo.ServerName);
                handshake.Connection.Features.Set(connection);
                return new(answer);
            },
        });
        options.Use(next => connection =>
        {
            connection.Features.Get<SecureConnection>()!.IsEstablished = true;
            rules.HandshakeEnded(established: true);
            return next(connection);
        });
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

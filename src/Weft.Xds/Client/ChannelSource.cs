using System.Net.Security;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Weft.Xds.Client;

/// <summary>
/// The connection of a client, made anew when the files of its credentials have changed. For one thread at a time.
/// </summary>
internal sealed class ChannelSource(XdsClientSettings settings, ILogger logger) : IDisposable
{
    private ClientFiles? _read;
    private string? _told;
    private GrpcChannel? _channel;

    /// <summary>The channel for the next stream, and the headers of its call.</summary>
    /// <exception cref="IOException">The credentials cannot be read, and never could.</exception>
    public (GrpcChannel Channel, Metadata Headers) Next()
    {
        var files = ClientFiles.Read(settings.Credentials, out var error);
        if (files is null)
        {
            // What is wrong is told once; the last good ones stay in use.
            if (error != _told)
            {
                XdsClientLog.BadCredentials(logger, error!);
            }

            _told = error;
            files = _read ?? throw new IOException(error);
        }

        if (_channel is null || !files.IsSameChannel(_read))
        {
            _channel?.Dispose();
            _channel = GrpcChannel.ForAddress(settings.Server, ChannelOptions(files));
        }

        _read = files;
        return (_channel, files.Token is { } token ? new Metadata { { "authorization", $"Bearer {token}" } } : []);
    }

    public void Dispose() => _channel?.Dispose();

    private GrpcChannelOptions ChannelOptions(ClientFiles files) => new()
    {
        HttpHandler = new SentOnce(new SocketsHttpHandler
        {
            // Pings notice a server that vanished without a word; a stream that is only listened to never would.
            KeepAlivePingDelay = settings.KeepAlive,
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = files.Authorities?.ServerPolicy(),
                ClientCertificateContext = files.Pair?.Context,
            },
        }),
        DisposeHttpClient = true,
        MaxReceiveMessageSize = settings.MaxResponseSize,
    };
}

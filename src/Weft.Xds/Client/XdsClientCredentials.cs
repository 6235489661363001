using System.Net.Security;

namespace Weft.Xds.Client;

/// <summary>
/// The files by which a client proves who it is, and knows the server. They are read anew for each stream: after a
/// renewal the next stream has what is new, and a bad file keeps the last good one.
/// </summary>
public sealed record XdsClientCredentials
{
    /// <summary>No credentials, and the machine's own authorities.</summary>
    public static XdsClientCredentials None { get; } = new();

    /// <summary>PEM: the authorities that the server's certificate must be of; null for those of the machine.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>PEM: the client's certificate, then those that lead to its authority; null for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM: its private key; null where <see cref="CertificateFile"/> is.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A file with the bearer token that is sent with each stream; null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>
    /// A handler for requests to the server beside the streams, by the certificate and the authorities of now. It sends no token.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public SocketsHttpHandler CreateHandler()
    {
        var files = ClientFiles.Read(this, out var error) ?? throw new IOException(error);
        return new()
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = files.Authorities?.ServerPolicy(),
                ClientCertificateContext = files.Pair?.Context,
            },
        };
    }
}

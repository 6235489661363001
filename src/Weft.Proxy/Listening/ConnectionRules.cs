using System.Net.Security;
using System.Net.Sockets;
using Weft.Proxy.Tls;

namespace Weft.Proxy.Listening;

/// <summary>What an address does with the connections that come to it; asked for each one anew.</summary>
internal abstract class ConnectionRules
{
    /// <summary>HTTP without TLS.</summary>
    public static ConnectionRules Cleartext { get; } = new OnlyCleartext();

    public abstract ConnectionKind Kind { get; }

    /// <summary>How long a caller may take for its handshake.</summary>
    public virtual TimeSpan HandshakeTimeout => TimeSpan.FromSeconds(10);

    /// <summary>What a connection with HTTP may ask for; read when the server starts.</summary>
    public virtual ConnectionLimits Limits => ConnectionLimits.Default;

    /// <summary>Whether a connection without TLS may begin with that version of HTTP.</summary>
    public virtual bool Speaks(bool http2) => true;

    /// <summary>Answers the first message of a TLS handshake.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">
    /// The connection is to be closed.
    /// </exception>
    public virtual (SecureConnection, SslServerAuthenticationOptions) Answer(string serverName) =>
        throw new NotSupportedException();

    /// <summary>A handshake is over.</summary>
    public virtual void HandshakeEnded(bool established)
    {
    }

    /// <summary>Passes the bytes of a connection on; ends when it has, and never fails.</summary>
    public virtual Task PassAsync(Socket caller, CancellationToken abort) => throw new NotSupportedException();

    private sealed class OnlyCleartext : ConnectionRules
    {
        public override ConnectionKind Kind => ConnectionKind.Cleartext;
    }
}

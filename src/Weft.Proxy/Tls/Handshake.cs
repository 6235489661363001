using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using Weft.Proxy.Listening;

namespace Weft.Proxy.Tls;

/// <summary>Answers the first message of a TLS handshake.</summary>
internal static class Handshake
{
    /// <summary>The chain that the caller asks for, and how to go on.</summary>
    /// <exception cref="AuthenticationException">
    /// Nothing is there for that name, or its certificate is not there: the connection is closed.
    /// </exception>
    public static (SecureConnection Connection, SslServerAuthenticationOptions Options) Answer(
        ConnectionView view, string serverName)
    {
        var name = ConnectionView.Ascii(serverName);
        if (view.ChainOf(name) is not { } chain)
        {
            view.Stats.NoChain.Increment();
            throw new AuthenticationException($"no filter chain is for the name '{name}'");
        }

        if (chain.Config.Tls is not { } tls || CertificateOf(chain.Certificates, name) is not { } certificate)
        {
            throw new AuthenticationException($"no certificate is there for the name '{name}'");
        }

        return (new(chain.Config.Key), new()
        {
            ServerCertificateContext = certificate.Context,
            ApplicationProtocols = tls.Applications.IsEmpty ? null : [.. tls.Applications],
            EnabledSslProtocols = tls.Versions,
            // RFC 9113, section 9.2.1: "A deployment of HTTP/2 over TLS 1.2 MUST disable renegotiation."
            AllowRenegotiation = false,
        });
    }

    private static ServerCertificate? CertificateOf(ImmutableArray<ServerCertificate> certificates, string name) =>
        certificates.Length < 2
            ? certificates.FirstOrDefault()
            : certificates.FirstOrDefault(c => c.IsFor(name)) ?? certificates[0];
}

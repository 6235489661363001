using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Weft.Xds;

namespace Weft.Security;

/// <summary>Makes a listener speak TLS with what is in force at each handshake.</summary>
internal static class SecureListening
{
    public static void Use(
        ListenOptions listen, CredentialWatch credentials, SslApplicationProtocol protocol, TimeProvider time) =>
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context =>
            {
                var shown = new ShownCertificates();
                context.Connection.Features.Set(shown);
                return ValueTask.FromResult(Options(credentials.InForce.Value, shown, protocol, time));
            },
        });

    private static SslServerAuthenticationOptions Options(
        Credentials inForce, ShownCertificates shown, SslApplicationProtocol protocol, TimeProvider time) => new()
        {
            ServerCertificateContext = inForce.Pair!.Context,
            ApplicationProtocols = [protocol],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            // RFC 9113, section 9.2.1: "A deployment of HTTP/2 over TLS 1.2 MUST disable renegotiation."
            AllowRenegotiation = false,
            // A connection lasts for days: to resume one saves nothing, and would pass by what was withdrawn meanwhile.
            AllowTlsResume = false,
            ClientCertificateRequired = inForce.Authorities is not null,
            RemoteCertificateValidationCallback =
                (_, certificate, chain, _) => IsWelcome(inForce, shown, certificate, chain, time),
        };

    // Whoever shows none may have a token. Whoever shows a bad one is told at once.
    private static bool IsWelcome(
        Credentials inForce, ShownCertificates shown, X509Certificate? certificate, X509Chain? chain, TimeProvider time)
    {
        if (inForce.Authorities is not { } authorities)
        {
            return true;
        }

        if (certificate is null)
        {
            return inForce.Grants is not null;
        }

        shown.Keep(certificate, chain);
        return authorities.Refusal(shown.Leaf!, shown.Intermediates, time.GetUtcNow()) is null;
    }
}

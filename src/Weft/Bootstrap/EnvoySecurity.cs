using System.Net;
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Xds.Client;
using SanType = Envoy.Extensions.TransportSockets.Tls.V3.SubjectAltNameMatcher.Types.SanType;

namespace Weft.Bootstrap;

/// <summary>How Envoy proves itself to the control plane, and knows it.</summary>
internal static class EnvoySecurity
{
    /// <summary>The transport of the control plane's cluster; null for plain text.</summary>
    public static TransportSocket? Transport(XdsClientCredentials credentials, IPEndPoint xds)
    {
        if (credentials.AuthorityFile is not { } ca)
        {
            return null;
        }

        var tls = new CommonTlsContext
        {
            AlpnProtocols = { "h2" },
            ValidationContext = new()
            {
                TrustedCa = File(ca),
                // Envoy asks of a certificate only that it is of the authority, unless it is told whose it must be.
                MatchTypedSubjectAltNames =
                {
                    new SubjectAltNameMatcher
                    {
                        SanType = SanType.IpAddress,
                        Matcher = new() { Exact = xds.Address.ToString() },
                    },
                },
            },
        };
        if (credentials is { CertificateFile: { } certificate, KeyFile: { } key })
        {
            tls.TlsCertificates.Add(new TlsCertificate { CertificateChain = File(certificate), PrivateKey = File(key) });
        }

        return new()
        {
            Name = "envoy.transport_sockets.tls",
            TypedConfig = Any.Pack(new UpstreamTlsContext { CommonTlsContext = tls }),
        };
    }

    /// <summary>What goes with each stream.</summary>
    public static IEnumerable<HeaderValue> Headers(string? token) =>
        token is null ? [] : [new HeaderValue { Key = "authorization", Value = $"Bearer {token}" }];

    private static DataSource File(string path) => new() { Filename = path };
}

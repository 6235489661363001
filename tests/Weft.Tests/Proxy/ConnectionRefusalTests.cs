using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf.WellKnownTypes;
using static Weft.Tests.Proxy.Verdicts;

namespace Weft.Tests.Proxy;

/// <summary>What a listener may not ask of its connections: chains, TLS and bytes.</summary>
public sealed class ConnectionRefusalTests
{
    [Fact]
    public void A_listener_that_is_no_http_proxy_is_refused() => AssertRefused(
        "filter_chains: Weft.Proxy needs a filter chain",
        Changed(Resources.Listener("l", "r"), l => l.FilterChains.Clear()));

    [Fact]
    public void Filter_chains_that_cannot_be_told_apart_or_opened_are_refused()
    {
        AssertRefused("filter_chains: two chains are for all server names", Twice("cert"));
        AssertRefused("filter_chains: two chains are for the server name a.example.com", Twice("cert", "A.example.com"));
        AssertRefused(
            "'w*.example.com' is neither a server name nor one that begins with '*.'", Secured("cert", "w*.example.com"));
        AssertRefused(
            "filter_chains[0] filter_chain_match: server_names without TLS",
            Changed(Resources.Listener("l", "r"), l => l.FilterChains[0].FilterChainMatch = new() { ServerNames = { "a" } }));
        AssertRefused(
            "filter_chains[0] filter_chain_match: source_ports is not supported",
            Changed(Resources.Listener("l", "r"), l => l.FilterChains[0].FilterChainMatch = new() { SourcePorts = { 7 } }));
        AssertRefused(
            "chains with TLS beside chains without it",
            Changed(Secured("cert", "a"), l => l.FilterChains.Add(Resources.Listener("l", "r").FilterChains[0])));
        AssertRefused(
            "filter_chains[0]: filter echo is not supported",
            Changed(Resources.Listener("l", "r"), l => l.FilterChains[0].Filters[0] = new() { Name = "echo" }));
        AssertRefused(
            "tcp_proxy within TLS is not supported",
            Resources.Secured(Resources.TcpListener("l", new() { StatPrefix = "t", Cluster = "c" }), "cert"));

        static Listener Twice(string secret, params string[] names) => Changed(
            Secured(secret, names), l => l.FilterChains.Add(Secured(secret, names).FilterChains[0]));
    }

    [Fact]
    public void TLS_that_it_cannot_speak_is_refused()
    {
        AssertRefused("transport_socket: require_client_certificate is not supported", With(t => t.RequireClientCertificate = true));
        AssertRefused("transport_socket: validation_context is not supported", With(t => t.CommonTlsContext.ValidationContext = new()));
        AssertRefused(
            "tls_params: versions before TLS 1.2 are not supported",
            With(t => t.CommonTlsContext.TlsParams = new() { TlsMaximumProtocolVersion = TlsParameters.Types.TlsProtocol.Tlsv11 }));
        AssertRefused("transport_socket: there is no certificate", With(t => t.CommonTlsContext.TlsCertificateSdsSecretConfigs.Clear()));
        AssertRefused(
            "secret cert: only ADS is supported",
            With(t => t.CommonTlsContext.TlsCertificateSdsSecretConfigs[0].SdsConfig = new()));
        AssertRefused("'' is not a protocol of ALPN", With(t => t.CommonTlsContext.AlpnProtocols.Add("")));
        AssertRefused(
            "tls_certificates[0] certificate_chain: /nowhere/a.pem cannot be read",
            With(t => t.CommonTlsContext.TlsCertificates.Add(new TlsCertificate
            {
                CertificateChain = new() { Filename = "/nowhere/a.pem" },
                PrivateKey = new() { InlineString = "" },
            })));

        static Listener With(Action<DownstreamTlsContext> change)
        {
            var listener = Secured("cert");
            var context = listener.FilterChains[0].TransportSocket.TypedConfig.Unpack<DownstreamTlsContext>();
            change(context);
            listener.FilterChains[0].TransportSocket.TypedConfig = Any.Pack(context);
            return listener;
        }
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused()
    {
        using var one = Certificates.For("a");
        using var other = Certificates.For("a");
        var secret = Resources.Secret("s", one);
        secret.TlsCertificate.PrivateKey = Resources.Secret("s", other).TlsCertificate.PrivateKey;
        AssertRefused("tls_certificate: certificate_chain and private_key are no pair", secret);
        secret.TlsCertificate.PrivateKey = new() { InlineString = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" };
        AssertRefused("tls_certificate: certificate_chain and private_key are no pair", secret);
        secret.TlsCertificate.CertificateChain = new() { InlineString = "no certificate" };
        AssertRefused("tls_certificate: certificate_chain holds no certificate", secret);
        secret.TlsCertificate.CertificateChain = new();
        AssertRefused("certificate_chain: it must be inline_string", secret);
        AssertRefused("secret: validation_context is not supported", new Secret { Name = "s", ValidationContext = new() });
    }

    [Fact]
    public void A_TCP_proxy_that_leads_nowhere_is_refused()
    {
        AssertRefused("tcp_proxy: neither cluster nor weighted_clusters", With(new()));
        AssertRefused("tcp_proxy: max_connect_attempts must be", With(new() { Cluster = "c", MaxConnectAttempts = 0 }));
        AssertRefused("tcp_proxy: tunneling_config is not supported", With(new() { Cluster = "c", TunnelingConfig = new() }));
        AssertRefused("weighted_clusters: it needs clusters", With(new() { WeightedClusters = new() }));

        static Listener With(TcpProxy proxy) => Resources.TcpListener("l", proxy);
    }

    private static Listener Secured(string secret, params string[] names) =>
        Resources.Secured(Resources.Listener("l", "r"), secret, names);
}

using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Weft.Proxy.Tls;
using Version = Envoy.Extensions.TransportSockets.Tls.V3.TlsParameters.Types.TlsProtocol;

namespace Weft.Proxy.Config;

/// <summary>TLS of a listener.</summary>
internal static class TlsDecoding
{
    private static readonly FrozenSet<string> SocketFields =
        FrozenSet.Create("common_tls_context", "require_client_certificate");

    private static readonly FrozenSet<string> ContextFields = FrozenSet.Create(
        "tls_params", "tls_certificates", "tls_certificate_sds_secret_configs", "alpn_protocols");

    private static readonly FrozenSet<string> ParameterFields = FrozenSet.Create(
        "tls_minimum_protocol_version", "tls_maximum_protocol_version");

    /// <summary>Null where there is none, or where it is refused.</summary>
    public static TlsConfig? Decode(TransportSocket? message, string where, Refusals refusals)
    {
        if (message is null)
        {
            return null;
        }

        if (message.TypedConfig?.TryUnpack<DownstreamTlsContext>(out var socket) is not true)
        {
            refusals.Add(where, $"{message.Name} is not supported by Weft.Proxy");
            return null;
        }

        refusals.AddUnknown(socket, where, SocketFields);
        if (socket.RequireClientCertificate is true)
        {
            refusals.Add(where, "require_client_certificate is not supported by Weft.Proxy");
        }

        var context = socket.CommonTlsContext ?? new();
        refusals.AddUnknown(context, where, ContextFields);
        foreach (var secret in context.TlsCertificateSdsSecretConfigs)
        {
            ClusterDecoding.RequireAds(secret.SdsConfig, $"{where} secret {secret.Name}", refusals);
        }

        if (context.TlsCertificates.Count == 0 && context.TlsCertificateSdsSecretConfigs.Count == 0)
        {
            refusals.Add(where, "there is no certificate");
        }

        foreach (var protocol in context.AlpnProtocols.Where(p => Encoding.UTF8.GetByteCount(p) is 0 or > 255))
        {
            refusals.Add(where, $"'{protocol}' is not a protocol of ALPN");
        }

        return new(
            [
                .. context.TlsCertificates
                    .Select((c, i) => SecretDecoding.Certificate(c, "", $"{where} tls_certificates[{i}]", refusals))
                    .OfType<ServerCertificate>(),
            ],
            [.. context.TlsCertificateSdsSecretConfigs.Select(s => s.Name).Distinct()],
            [
                .. context.AlpnProtocols.Where(p => Encoding.UTF8.GetByteCount(p) is > 0 and <= 255)
                    .Select(p => new SslApplicationProtocol(p)),
            ],
            Versions(context.TlsParams, where, refusals));
    }

    /// <summary>TLS 1.2 at least, as in Envoy; nothing older is ever spoken.</summary>
    private static SslProtocols Versions(TlsParameters? parameters, string where, Refusals refusals)
    {
        const SslProtocols Both = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (parameters is null)
        {
            return Both;
        }

        refusals.AddUnknown(parameters, $"{where} tls_params", ParameterFields);
        if (parameters.TlsMaximumProtocolVersion is Version.Tlsv10 or Version.Tlsv11)
        {
            refusals.Add($"{where} tls_params", "versions before TLS 1.2 are not supported by Weft.Proxy");
        }

        var (no12, no13) =
            (parameters.TlsMinimumProtocolVersion == Version.Tlsv13,
             parameters.TlsMaximumProtocolVersion == Version.Tlsv12);
        if (no12 && no13)
        {
            refusals.Add($"{where} tls_params", "no version is left");
        }

        return no12 ? SslProtocols.Tls13 : no13 ? SslProtocols.Tls12 : Both;
    }
}

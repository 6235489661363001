using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>What a port speaks, from <c>protocol</c>, <c>appProtocol</c> and the prefix of its name.</summary>
internal static class PortProtocol
{
    /// <summary>Reports transports other than TCP.</summary>
    public static void CheckTcp(FieldReader entry)
    {
        if (entry.OneOf("protocol", "TCP", "TCP", "UDP", "SCTP") is not (null or "TCP"))
        {
            entry.Unsupported("protocol");
        }
    }

    /// <summary>
    /// <c>appProtocol</c> decides; without it the name up to its first dash does, as Istio has it; HTTP otherwise.
    /// </summary>
    public static AppProtocol Of(FieldReader entry, string portName)
    {
        if (entry.Text("appProtocol") is not { } text)
        {
            return Known(portName.Split('-')[0]) ?? AppProtocol.Http;
        }

        if (Known(text.Text) is { } protocol)
        {
            return protocol;
        }

        entry.Findings.Warning(
            "WEFT1203", text.Where,
            $"{entry.PathOf("appProtocol")}: {Excerpt.Of(text.Text)} is unknown; the port is taken to speak TCP.",
            "use http, http2, kubernetes.io/h2c, kubernetes.io/ws, grpc or tcp");
        return AppProtocol.Tcp;
    }

    private static AppProtocol? Known(string name) => name.ToLowerInvariant() switch
    {
        "http" or "ws" or "kubernetes.io/ws" => AppProtocol.Http,
        "http2" or "h2c" or "kubernetes.io/h2c" or "grpc" or "grpc-web" => AppProtocol.Http2,
        // What is encrypted, or no HTTP, passes as it is.
        "tcp" or "tls" or "https" or "wss" or "kubernetes.io/wss" or "mongo" or "mysql" or "postgres" or "redis" => AppProtocol.Tcp,
        _ => null,
    };
}

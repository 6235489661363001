namespace Weft.Model;

/// <summary>What a service port speaks.</summary>
public enum AppProtocol
{
    /// <summary>HTTP/1.1, which may turn into WebSocket.</summary>
    Http,

    /// <summary>HTTP/2 without TLS, which gRPC uses.</summary>
    Http2,

    /// <summary>Bytes over TCP that no proxy looks into.</summary>
    Tcp,
}

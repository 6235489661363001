namespace Weft.Wasm.Host;

/// <summary>Who closed a TCP connection. Values: proxy-wasm's <c>proxy_peer_type_t</c>.</summary>
public enum CloseKind
{
    /// <summary>Nobody knows.</summary>
    Unknown = 0,

    /// <summary>The proxy.</summary>
    Local = 1,

    /// <summary>The peer.</summary>
    Remote = 2,
}

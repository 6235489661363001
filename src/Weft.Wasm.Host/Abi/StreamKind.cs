namespace Weft.Wasm.Host;

/// <summary>Which direction of a stream is meant. Values: proxy-wasm's <c>proxy_stream_type_t</c>.</summary>
public enum StreamKind
{
    /// <summary>The request of an HTTP stream.</summary>
    Request = 0,

    /// <summary>The response of an HTTP stream.</summary>
    Response = 1,

    /// <summary>What the client of a TCP connection sends.</summary>
    Downstream = 2,

    /// <summary>What the server of a TCP connection sends.</summary>
    Upstream = 3,
}

namespace Weft.Wasm.Sdk;

/// <summary>The request of the stream that is called back.</summary>
public static class Request
{
    /// <summary>Its headers.</summary>
    public static HeaderMap Headers => new(0);

    /// <summary>Its trailers, from <c>OnRequestTrailers</c> on.</summary>
    public static HeaderMap Trailers => new(1);

    /// <summary>What of its body the proxy holds, in <c>OnRequestBody</c>.</summary>
    public static BodyBuffer Body => new(0);

    /// <summary>The path with the query, <c>/a?b=c</c>.</summary>
    public static ReadOnlySpan<byte> Path => Headers.Get(":path"u8);

    /// <summary>The method, <c>GET</c> for example.</summary>
    public static ReadOnlySpan<byte> Method => Headers.Get(":method"u8);

    /// <summary>The host, with the port where the client gave it.</summary>
    public static ReadOnlySpan<byte> Authority => Headers.Get(":authority"u8);

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public static ReadOnlySpan<byte> Scheme => Headers.Get(":scheme"u8);

    /// <summary>Goes on with a request that was paused.</summary>
    public static HostStatus Continue() => (HostStatus)Abi.ContinueStream(0);

    /// <summary>Resets the stream: the client gets no answer.</summary>
    public static HostStatus Close() => (HostStatus)Abi.CloseStream(0);
}

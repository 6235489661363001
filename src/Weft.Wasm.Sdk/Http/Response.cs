namespace Weft.Wasm.Sdk;

/// <summary>The response of the stream that is called back.</summary>
public static class Response
{
    /// <summary>Its headers.</summary>
    public static HeaderMap Headers => new(2);

    /// <summary>Its trailers, from <c>OnResponseTrailers</c> on.</summary>
    public static HeaderMap Trailers => new(3);

    /// <summary>What of its body the proxy holds, in <c>OnResponseBody</c>.</summary>
    public static BodyBuffer Body => new(1);

    /// <summary>Its status, 200 for example; 0 where there is none yet.</summary>
    public static int Status => Ascii.TryParseInt32(Headers.Get(":status"u8), out var status) ? status : 0;

    /// <summary>Goes on with a response that was paused.</summary>
    public static HostStatus Continue() => (HostStatus)Abi.ContinueStream(1);

    /// <summary>Resets the stream.</summary>
    public static HostStatus Close() => (HostStatus)Abi.CloseStream(1);
}

namespace Weft.Wasm.Sdk;

/// <summary>An answer of the plugin's own.</summary>
public static unsafe class LocalResponse
{
    /// <summary>
    /// Answers the request in place of the server. The callback should return <see cref="FilterAction.Pause"/> then.
    /// </summary>
    /// <param name="status">HTTP status, 200 to 599.</param>
    /// <param name="body">The body; none where it is left out.</param>
    /// <param name="details">Why, for the proxy's access log; no header.</param>
    /// <param name="headers">Headers beside those that the proxy gives.</param>
    /// <param name="grpcStatus">The status for a gRPC client; -1 lets the proxy choose by the HTTP status.</param>
    /// <returns>
    /// <see cref="HostStatus.BadArgument"/> where <paramref name="headers"/> had no room for all that was added to it.
    /// </returns>
    public static HostStatus Send(
        int status, Text body = default, Text details = default, HeaderList headers = default, int grpcStatus = -1)
    {
        if (headers.Overflowed)
        {
            return HostStatus.BadArgument;
        }

        fixed (byte* d = details.Bytes, b = body.Bytes, h = headers.Encoded)
        {
            return (HostStatus)Abi.SendLocalResponse(
                status, d, details.Length, b, body.Length, h, headers.Encoded.Length, grpcStatus);
        }
    }
}

using Weft.Wasm.Sdk.Runtime;

namespace Weft.Wasm.Sdk;

/// <summary>HTTP requests to other services.</summary>
public static unsafe class HttpCall
{
    /// <summary>
    /// Sends a request. Its answer comes to <c>OnHttpCallResponse</c> of the stream that sent it, or of the plugin
    /// where it was sent outside of a stream.
    /// </summary>
    /// <param name="cluster">Name of a cluster of the proxy.</param>
    /// <param name="headers">Must have <c>:method</c>, <c>:path</c> and <c>:authority</c>.</param>
    /// <param name="body">The body; none where it is empty.</param>
    /// <param name="trailers">Trailers; none where the list was never made.</param>
    /// <param name="timeoutMilliseconds">After this time the call ends without an answer.</param>
    /// <param name="call">The call's number: the same comes with the answer.</param>
    /// <returns>
    /// <see cref="HostStatus.BadArgument"/> for an unknown cluster, missing headers, or a list that had no room;
    /// <see cref="HostStatus.InternalFailure"/> where the request could not be sent.
    /// </returns>
    public static HostStatus Send(
        Text cluster, HeaderList headers, Text body, HeaderList trailers, int timeoutMilliseconds, out uint call)
    {
        var number = 0;
        var status = (int)HostStatus.BadArgument;
        if (!headers.Overflowed && !trailers.Overflowed)
        {
            fixed (byte* c = cluster.Bytes, h = headers.Encoded, b = body.Bytes, t = trailers.Encoded)
            {
                status = Abi.HttpCall(
                    c,
                    cluster.Length,
                    h,
                    headers.Encoded.Length,
                    b,
                    body.Length,
                    t,
                    trailers.Encoded.Length,
                    timeoutMilliseconds,
                    &number);
            }
        }

        if (status == 0)
        {
            Callers.Add(CallKind.Http, number);
        }

        call = (uint)number;
        return (HostStatus)status;
    }

    /// <summary>Sends a request without trailers.</summary>
    /// <inheritdoc cref="Send(Text, HeaderList, Text, HeaderList, int, out uint)"/>
    public static HostStatus Send(
        Text cluster, HeaderList headers, Text body, int timeoutMilliseconds, out uint call) =>
        Send(cluster, headers, body, default, timeoutMilliseconds, out call);
}

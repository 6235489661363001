using Weft.Wasm.Sdk.Runtime;

namespace Weft.Wasm.Sdk;

/// <summary>
/// gRPC calls to other services. What comes of them comes to <c>OnGrpcCall</c>, as with <see cref="HttpCall"/>.
/// </summary>
public static unsafe class GrpcCall
{
    /// <summary>Sends one message and awaits one.</summary>
    /// <param name="target">
    /// Name of a cluster, or an <c>envoy.config.core.v3.GrpcService</c> in protobuf's form.
    /// </param>
    /// <param name="service">The service's full name, <c>helloworld.Greeter</c>.</param>
    /// <param name="method">The method's name, <c>SayHello</c>.</param>
    /// <param name="metadata">Metadata; none where the list was never made.</param>
    /// <param name="message">The message, in protobuf's form.</param>
    /// <param name="timeoutMilliseconds">After this time the call ends with a status.</param>
    /// <param name="call">The call's number: the same comes with its news.</param>
    /// <returns>
    /// <see cref="HostStatus.BadArgument"/> or <see cref="HostStatus.ParseFailure"/> for a target that the proxy does
    /// not know, or for metadata that had no room; <see cref="HostStatus.InternalFailure"/> where it could not be sent.
    /// </returns>
    public static HostStatus Unary(
        Text target,
        Text service,
        Text method,
        HeaderList metadata,
        Text message,
        int timeoutMilliseconds,
        out uint call)
    {
        var number = 0;
        var status = (int)HostStatus.BadArgument;
        if (!metadata.Overflowed)
        {
            fixed (byte* t = target.Bytes, s = service.Bytes, m = method.Bytes)
            fixed (byte* d = metadata.Encoded, b = message.Bytes)
            {
                status = Abi.GrpcCall(
                    t,
                    target.Length,
                    s,
                    service.Length,
                    m,
                    method.Length,
                    d,
                    metadata.Encoded.Length,
                    b,
                    message.Length,
                    timeoutMilliseconds,
                    &number);
            }
        }

        if (status == 0)
        {
            Callers.Add(CallKind.GrpcUnary, number);
        }

        call = (uint)number;
        return (HostStatus)status;
    }

    /// <summary>Opens a stream of messages in both directions.</summary>
    /// <param name="target">As in <see cref="Unary"/>.</param>
    /// <param name="service">The service's full name.</param>
    /// <param name="method">The method's name.</param>
    /// <param name="metadata">Metadata; none where the list was never made.</param>
    /// <param name="call">The call's number: the same comes with its news.</param>
    /// <returns>As of <see cref="Unary"/>.</returns>
    public static HostStatus Open(Text target, Text service, Text method, HeaderList metadata, out uint call)
    {
        var number = 0;
        var status = (int)HostStatus.BadArgument;
        if (!metadata.Overflowed)
        {
            fixed (byte* t = target.Bytes, s = service.Bytes, m = method.Bytes, d = metadata.Encoded)
            {
                status = Abi.GrpcStream(
                    t,
                    target.Length,
                    s,
                    service.Length,
                    m,
                    method.Length,
                    d,
                    metadata.Encoded.Length,
                    &number);
            }
        }

        if (status == 0)
        {
            Callers.Add(CallKind.GrpcStream, number);
        }

        call = (uint)number;
        return (HostStatus)status;
    }

    /// <summary>Sends a message on a stream.</summary>
    /// <param name="call">The call, of <see cref="Open"/>.</param>
    /// <param name="message">The message, in protobuf's form.</param>
    /// <param name="endOfStream">Whether it is the last.</param>
    public static HostStatus Send(uint call, Text message, bool endOfStream = false)
    {
        fixed (byte* b = message.Bytes)
        {
            return (HostStatus)Abi.GrpcSend((int)call, b, message.Length, endOfStream ? 1 : 0);
        }
    }

    /// <summary>Gives a call up: nothing comes of it any more.</summary>
    /// <param name="call">The call.</param>
    public static HostStatus Cancel(uint call)
    {
        Callers.Forget((int)call);
        return (HostStatus)Abi.GrpcCancel((int)call);
    }

    /// <summary>Ends a stream from this side: no message follows.</summary>
    /// <param name="call">The call, of <see cref="Open"/>.</param>
    public static HostStatus Close(uint call) => (HostStatus)Abi.GrpcClose((int)call);
}

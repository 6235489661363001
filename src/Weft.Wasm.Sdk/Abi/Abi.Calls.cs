using System.Runtime.InteropServices;

namespace Weft.Wasm.Sdk;

/// <content>Calls to other services.</content>
internal static unsafe partial class Abi
{
    [DllImport(Host, EntryPoint = "proxy_http_call")]
    internal static extern int HttpCall(
        byte* cluster,
        int clusterSize,
        byte* headers,
        int headersSize,
        byte* body,
        int bodySize,
        byte* trailers,
        int trailersSize,
        int timeout,
        int* call);

    [DllImport(Host, EntryPoint = "proxy_grpc_call")]
    internal static extern int GrpcCall(
        byte* target,
        int targetSize,
        byte* service,
        int serviceSize,
        byte* method,
        int methodSize,
        byte* metadata,
        int metadataSize,
        byte* message,
        int messageSize,
        int timeout,
        int* call);

    [DllImport(Host, EntryPoint = "proxy_grpc_stream")]
    internal static extern int GrpcStream(
        byte* target,
        int targetSize,
        byte* service,
        int serviceSize,
        byte* method,
        int methodSize,
        byte* metadata,
        int metadataSize,
        int* call);

    [DllImport(Host, EntryPoint = "proxy_grpc_send")]
    internal static extern int GrpcSend(int call, byte* message, int messageSize, int endOfStream);

    [DllImport(Host, EntryPoint = "proxy_grpc_cancel")]
    internal static extern int GrpcCancel(int call);

    [DllImport(Host, EntryPoint = "proxy_grpc_close")]
    internal static extern int GrpcClose(int call);
}

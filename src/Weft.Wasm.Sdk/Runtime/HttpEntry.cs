#pragma warning disable IDE0060 // The ABI gives counts that nobody needs.
namespace Weft.Wasm.Sdk.Runtime;

/// <summary>The exports of a plugin for HTTP; only those are compiled whose member it implements.</summary>
internal static unsafe class HttpEntry<TPlugin, TStream>
    where TPlugin : struct, IHttpPlugin<TPlugin, TStream>
    where TStream : struct, IHttpStream<TPlugin>
{
    [Export("proxy_on_context_create", OfStream = "OnCreate", WhenTracked = true)]
    private static void OnContextCreate(int context, int parent) => Entry<TPlugin, TStream>.Create(context, parent);

    [Export("proxy_on_vm_start", OfPlugin = "OnVmStart")]
    private static int OnVmStart(int context, int size) => Entry<TPlugin, TStream>.VmStart(context, size);

    [Export("proxy_on_configure", OfPlugin = "OnConfigure")]
    private static int OnConfigure(int context, int size) => Entry<TPlugin, TStream>.Configure(context, size);

    [Export("proxy_on_tick", OfPlugin = "OnTick")]
    private static void OnTick(int context) => Entry<TPlugin, TStream>.Tick(context);

    [Export("proxy_on_queue_ready", OfPlugin = "OnQueueReady")]
    private static void OnQueueReady(int context, int queue) => Entry<TPlugin, TStream>.QueueReady(context, queue);

    [Export("proxy_on_http_call_response", OfPlugin = "OnHttpCallResponse", OfStream = "OnHttpCallResponse")]
    private static void OnHttpCallResponse(int context, int call, int headers, int body, int trailers) =>
        Entry<TPlugin, TStream>.HttpCallResponse(context, call, headers, body, trailers);

    [Export("proxy_on_grpc_receive_initial_metadata", OfPlugin = "OnGrpcCall", OfStream = "OnGrpcCall")]
    private static void OnGrpcInitialMetadata(int context, int call, int size) =>
        Entry<TPlugin, TStream>.GrpcCall(context, call, GrpcNews.InitialMetadata, size);

    [Export("proxy_on_grpc_receive", OfPlugin = "OnGrpcCall", OfStream = "OnGrpcCall")]
    private static void OnGrpcMessage(int context, int call, int size) =>
        Entry<TPlugin, TStream>.GrpcCall(context, call, GrpcNews.Message, size);

    [Export("proxy_on_grpc_receive_trailing_metadata", OfPlugin = "OnGrpcCall", OfStream = "OnGrpcCall")]
    private static void OnGrpcTrailingMetadata(int context, int call, int size) =>
        Entry<TPlugin, TStream>.GrpcCall(context, call, GrpcNews.TrailingMetadata, size);

    [Export("proxy_on_grpc_close", OfPlugin = "OnGrpcCall", OfStream = "OnGrpcCall")]
    private static void OnGrpcClose(int context, int call, int status) =>
        Entry<TPlugin, TStream>.GrpcCall(context, call, GrpcNews.Closed, status);

    [Export("proxy_on_done", OfPlugin = "OnDone", OfStream = "OnDone", OnFault = 1)]
    private static int OnDone(int context) => Entry<TPlugin, TStream>.Done(context);

    [Export("proxy_on_log", OfStream = "OnLog")]
    private static void OnLog(int context) => Entry<TPlugin, TStream>.WriteLog(context);

    [Export("proxy_on_delete", OfStream = "OnDelete", WhenTracked = true)]
    private static void OnDelete(int context) => Entry<TPlugin, TStream>.Delete(context);

    [Export("proxy_on_request_headers", OfStream = "OnRequestHeaders")]
    private static int OnRequestHeaders(int context, int count, int endOfStream)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        return entered == null
            ? 0
            : (int)Entry<TPlugin, TStream>.Stream(entered).OnRequestHeaders(ref Entry<TPlugin, TStream>.Plugin(entered), endOfStream != 0);
    }

    [Export("proxy_on_request_body", OfStream = "OnRequestBody")]
    private static int OnRequestBody(int context, int size, int endOfStream)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        return entered == null
            ? 0
            : (int)Entry<TPlugin, TStream>.Stream(entered).OnRequestBody(ref Entry<TPlugin, TStream>.Plugin(entered), size, endOfStream != 0);
    }

    [Export("proxy_on_request_trailers", OfStream = "OnRequestTrailers")]
    private static int OnRequestTrailers(int context, int count)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        return entered == null
            ? 0
            : (int)Entry<TPlugin, TStream>.Stream(entered).OnRequestTrailers(ref Entry<TPlugin, TStream>.Plugin(entered));
    }

    [Export("proxy_on_response_headers", OfStream = "OnResponseHeaders")]
    private static int OnResponseHeaders(int context, int count, int endOfStream)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        return entered == null
            ? 0
            : (int)Entry<TPlugin, TStream>.Stream(entered).OnResponseHeaders(ref Entry<TPlugin, TStream>.Plugin(entered), endOfStream != 0);
    }

    [Export("proxy_on_response_body", OfStream = "OnResponseBody")]
    private static int OnResponseBody(int context, int size, int endOfStream)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        return entered == null
            ? 0
            : (int)Entry<TPlugin, TStream>.Stream(entered).OnResponseBody(ref Entry<TPlugin, TStream>.Plugin(entered), size, endOfStream != 0);
    }

    [Export("proxy_on_response_trailers", OfStream = "OnResponseTrailers")]
    private static int OnResponseTrailers(int context, int count)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        return entered == null
            ? 0
            : (int)Entry<TPlugin, TStream>.Stream(entered).OnResponseTrailers(ref Entry<TPlugin, TStream>.Plugin(entered));
    }
}

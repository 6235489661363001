#pragma warning disable IDE0060 // The ABI gives counts that nobody needs.
namespace Weft.Wasm.Sdk.Runtime;

/// <summary>The exports of a plugin for TCP; only those are compiled whose member it implements.</summary>
internal static unsafe class TcpEntry<TPlugin, TStream>
    where TPlugin : struct, ITcpPlugin<TPlugin, TStream>
    where TStream : struct, ITcpStream<TPlugin>
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

    [Export("proxy_on_new_connection", OfStream = "OnNewConnection")]
    private static int OnNewConnection(int context)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        return entered == null
            ? 0
            : (int)Entry<TPlugin, TStream>.Stream(entered).OnNewConnection(ref Entry<TPlugin, TStream>.Plugin(entered));
    }

    [Export("proxy_on_downstream_data", OfStream = "OnDownstreamData")]
    private static int OnDownstreamData(int context, int size, int endOfStream)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        return entered == null
            ? 0
            : (int)Entry<TPlugin, TStream>.Stream(entered).OnDownstreamData(ref Entry<TPlugin, TStream>.Plugin(entered), size, endOfStream != 0);
    }

    [Export("proxy_on_upstream_data", OfStream = "OnUpstreamData")]
    private static int OnUpstreamData(int context, int size, int endOfStream)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        return entered == null
            ? 0
            : (int)Entry<TPlugin, TStream>.Stream(entered).OnUpstreamData(ref Entry<TPlugin, TStream>.Plugin(entered), size, endOfStream != 0);
    }

    [Export("proxy_on_downstream_connection_close", OfStream = "OnDownstreamClose")]
    private static void OnDownstreamClose(int context, int peer)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        if (entered != null)
        {
            Entry<TPlugin, TStream>.Stream(entered).OnDownstreamClose(ref Entry<TPlugin, TStream>.Plugin(entered), peer);
        }
    }

    [Export("proxy_on_upstream_connection_close", OfStream = "OnUpstreamClose")]
    private static void OnUpstreamClose(int context, int peer)
    {
        var entered = Entry<TPlugin, TStream>.Enter(context);
        if (entered != null)
        {
            Entry<TPlugin, TStream>.Stream(entered).OnUpstreamClose(ref Entry<TPlugin, TStream>.Plugin(entered), peer);
        }
    }
}

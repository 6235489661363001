using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>The functions that a host calls of one machine. What a plugin does not export is null.</summary>
internal sealed class GuestExports(Instance instance, AbiVersion abi)
{
    private static readonly (string Name, string Kinds)[] Known =
    [
        ("_initialize", ":"), ("_start", ":"), ("main", "ii:i"), ("__main_void", ":i"), ("malloc", "i:i"),
        ("proxy_on_memory_allocate", "i:i"), ("proxy_validate_configuration", "ii:i"), ("proxy_on_vm_start", "ii:i"),
        ("proxy_on_configure", "ii:i"), ("proxy_on_tick", "i:"), ("proxy_on_context_create", "ii:"),
        ("proxy_on_new_connection", "i:i"), ("proxy_on_downstream_data", "iii:i"), ("proxy_on_upstream_data", "iii:i"),
        ("proxy_on_downstream_connection_close", "ii:"), ("proxy_on_upstream_connection_close", "ii:"),
        ("proxy_on_request_body", "iii:i"), ("proxy_on_request_trailers", "ii:i"),
        ("proxy_on_request_metadata", "ii:i"), ("proxy_on_response_body", "iii:i"),
        ("proxy_on_response_trailers", "ii:i"), ("proxy_on_response_metadata", "ii:i"),
        ("proxy_on_http_call_response", "iiiii:"), ("proxy_on_grpc_receive", "iii:"), ("proxy_on_grpc_close", "iii:"),
        ("proxy_on_grpc_receive_initial_metadata", "iii:"), ("proxy_on_grpc_receive_trailing_metadata", "iii:"),
        ("proxy_on_queue_ready", "ii:"), ("proxy_on_done", "i:i"), ("proxy_on_log", "i:"), ("proxy_on_delete", "i:"),
    ];

    public readonly Action? Initialize = instance.GetAction("_initialize");
    public readonly Action? Start = instance.GetAction("_start");
    public readonly Func<int, int, int>? Main = instance.GetFunction<int, int, int>("main");
    public readonly Func<int>? MainVoid = instance.GetFunction<int>("__main_void");
    public readonly Func<int, int>? Allocate =
        instance.GetFunction<int, int>("malloc") ?? instance.GetFunction<int, int>("proxy_on_memory_allocate");

    public readonly Action<int, int>? ContextCreate = instance.GetAction<int, int>("proxy_on_context_create");
    public readonly Func<int, int, int>? VmStart = Two(instance, "proxy_on_vm_start");
    public readonly Func<int, int, int>? Configure = Two(instance, "proxy_on_configure");
    public readonly Func<int, int, int>? ValidateConfiguration = Two(instance, "proxy_validate_configuration");
    public readonly Action<int>? Tick = instance.GetAction<int>("proxy_on_tick");
    public readonly Action<int, int>? QueueReady = instance.GetAction<int, int>("proxy_on_queue_ready");
    public readonly Func<int, int>? Done = instance.GetFunction<int, int>("proxy_on_done");
    public readonly Action<int>? Log = instance.GetAction<int>("proxy_on_log");
    public readonly Action<int>? Delete = instance.GetAction<int>("proxy_on_delete");

    public readonly Func<int, int>? NewConnection = instance.GetFunction<int, int>("proxy_on_new_connection");
    public readonly Func<int, int, int, int>? DownstreamData = Three(instance, "proxy_on_downstream_data");
    public readonly Func<int, int, int, int>? UpstreamData = Three(instance, "proxy_on_upstream_data");
    public readonly Action<int, int>? DownstreamClose =
        instance.GetAction<int, int>("proxy_on_downstream_connection_close");

    public readonly Action<int, int>? UpstreamClose =
        instance.GetAction<int, int>("proxy_on_upstream_connection_close");

    public readonly Func<int, int, int, int>? RequestHeaders = Headers(instance, abi, "proxy_on_request_headers");
    public readonly Func<int, int, int, int>? RequestBody = Three(instance, "proxy_on_request_body");
    public readonly Func<int, int, int>? RequestTrailers = Two(instance, "proxy_on_request_trailers");
    public readonly Func<int, int, int>? RequestMetadata = Two(instance, "proxy_on_request_metadata");
    public readonly Func<int, int, int, int>? ResponseHeaders = Headers(instance, abi, "proxy_on_response_headers");
    public readonly Func<int, int, int, int>? ResponseBody = Three(instance, "proxy_on_response_body");
    public readonly Func<int, int, int>? ResponseTrailers = Two(instance, "proxy_on_response_trailers");
    public readonly Func<int, int, int>? ResponseMetadata = Two(instance, "proxy_on_response_metadata");

    public readonly Action<int, int, int, int, int>? HttpCallResponse =
        instance.GetAction<int, int, int, int, int>("proxy_on_http_call_response");

    public readonly Action<int, int, int>? GrpcReceive = Act(instance, "proxy_on_grpc_receive");
    public readonly Action<int, int, int>? GrpcClose = Act(instance, "proxy_on_grpc_close");
    public readonly Action<int, int, int>? GrpcInitialMetadata =
        Act(instance, "proxy_on_grpc_receive_initial_metadata");

    public readonly Action<int, int, int>? GrpcTrailingMetadata =
        Act(instance, "proxy_on_grpc_receive_trailing_metadata");

    public readonly Action<int, int, int>? ForeignFunction =
        abi == AbiVersion.V010 ? null : Act(instance, "proxy_on_foreign_function");

    /// <summary>The types that exports must have, where they are there.</summary>
    public static IEnumerable<(string Name, Signature Wanted)> Signatures(AbiVersion abi)
    {
        var headers = abi == AbiVersion.V010 ? "ii:i" : "iii:i";
        IEnumerable<(string Name, string Kinds)> byVersion =
            [("proxy_on_request_headers", headers), ("proxy_on_response_headers", headers)];
        if (abi != AbiVersion.V010)
        {
            byVersion = byVersion.Append(("proxy_on_foreign_function", "iii:"));
        }

        return Known.Concat(byVersion).Select(k => (k.Name, Signature.Parse(k.Kinds)));
    }

    private static Func<int, int, int>? Two(Instance instance, string name) =>
        instance.GetFunction<int, int, int>(name);

    private static Func<int, int, int, int>? Three(Instance instance, string name) =>
        instance.GetFunction<int, int, int, int>(name);

    private static Action<int, int, int>? Act(Instance instance, string name) =>
        instance.GetAction<int, int, int>(name);

    // Version 0.1.0 is not told whether the stream ends with its headers.
    private static Func<int, int, int, int>? Headers(Instance instance, AbiVersion abi, string name) =>
        abi != AbiVersion.V010 ? Three(instance, name)
        : Two(instance, name) is { } two ? (id, count, _) => two(id, count)
        : null;
}

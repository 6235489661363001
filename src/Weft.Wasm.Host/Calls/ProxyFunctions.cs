namespace Weft.Wasm.Host;

/// <summary>What is imported from <c>env</c>: the host's side of proxy-wasm.</summary>
internal static class ProxyFunctions
{
    private static readonly AbiVersion[] Oldest = [AbiVersion.V010];
    private static readonly AbiVersion[] Newer = [AbiVersion.V020, AbiVersion.V021];
    private static readonly AbiVersion[] Newest = [AbiVersion.V021];

    public static IEnumerable<HostFunction> All =>
    [
        HostFunction.Of("proxy_log", LogCalls.Log),
        HostFunction.Of("proxy_get_log_level", LogCalls.GetLogLevel) with { Versions = Newest },
        HostFunction.Of("proxy_get_current_time_nanoseconds", ClockCalls.GetCurrentTime),
        HostFunction.Of("proxy_set_tick_period_milliseconds", ClockCalls.SetTickPeriod),
        HostFunction.Of("proxy_get_header_map_value", HeaderCalls.GetValue),
        HostFunction.Of("proxy_add_header_map_value", HeaderCalls.AddValue),
        HostFunction.Of("proxy_replace_header_map_value", HeaderCalls.ReplaceValue),
        HostFunction.Of("proxy_remove_header_map_value", HeaderCalls.RemoveValue),
        HostFunction.Of("proxy_get_header_map_pairs", HeaderCalls.GetPairs),
        HostFunction.Of("proxy_set_header_map_pairs", HeaderCalls.SetPairs),
        HostFunction.Of("proxy_get_header_map_size", HeaderCalls.GetSize),
        HostFunction.Of("proxy_get_buffer_bytes", BufferCalls.GetBytes),
        HostFunction.Of("proxy_get_buffer_status", BufferCalls.GetStatus),
        HostFunction.Of("proxy_set_buffer_bytes", BufferCalls.SetBytes),
        HostFunction.Of("proxy_continue_stream", StreamCalls.Continue) with { Versions = Newer },
        HostFunction.Of("proxy_close_stream", StreamCalls.Close) with { Versions = Newer },
        HostFunction.Of("proxy_continue_request", StreamCalls.ContinueRequest) with { Versions = Oldest },
        HostFunction.Of("proxy_continue_response", StreamCalls.ContinueResponse) with { Versions = Oldest },
        HostFunction.Of("proxy_clear_route_cache", StreamCalls.ClearRouteCache) with { Versions = Oldest },
        HostFunction.Of("proxy_send_local_response", StreamCalls.SendLocalResponse),
        HostFunction.Of("proxy_set_effective_context", StreamCalls.SetEffectiveContext),
        HostFunction.Of("proxy_done", StreamCalls.Done),
        HostFunction.Of("proxy_get_status", CallCalls.GetStatus),
        HostFunction.Of("proxy_http_call", CallCalls.HttpCall),
        HostFunction.Of("proxy_grpc_call", CallCalls.GrpcCall),
        HostFunction.Of("proxy_grpc_stream", CallCalls.GrpcStream),
        HostFunction.Of("proxy_grpc_send", CallCalls.GrpcSend),
        HostFunction.Of("proxy_grpc_close", CallCalls.GrpcClose),
        HostFunction.Of("proxy_grpc_cancel", CallCalls.GrpcCancel),
        HostFunction.Of("proxy_get_configuration", PropertyCalls.GetConfiguration) with { Versions = Oldest },
        HostFunction.Of("proxy_get_property", PropertyCalls.Get),
        HostFunction.Of("proxy_set_property", PropertyCalls.Set),
        HostFunction.Of("proxy_call_foreign_function", PropertyCalls.CallForeignFunction),
        HostFunction.Of("proxy_get_shared_data", SharedCalls.GetData),
        HostFunction.Of("proxy_set_shared_data", SharedCalls.SetData),
        HostFunction.Of("proxy_register_shared_queue", SharedCalls.RegisterQueue),
        HostFunction.Of("proxy_resolve_shared_queue", SharedCalls.ResolveQueue),
        HostFunction.Of("proxy_enqueue_shared_queue", SharedCalls.Enqueue),
        HostFunction.Of("proxy_dequeue_shared_queue", SharedCalls.Dequeue),
        HostFunction.Of("proxy_define_metric", MetricCalls.Define),
        HostFunction.OfLong("proxy_increment_metric", MetricCalls.Increment),
        HostFunction.OfLong("proxy_record_metric", MetricCalls.Record),
        HostFunction.Of("proxy_get_metric", MetricCalls.Get),

        // What Emscripten's runtime asks for.
        HostFunction.Of("pthread_equal", (int left, int right) => left == right ? 1 : 0),
        HostFunction.Of("emscripten_notify_memory_growth", (int _) => { }),
    ];
}

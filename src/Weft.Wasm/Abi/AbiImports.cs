using System.Collections.Immutable;

namespace Weft.Wasm.Abi;

// What hosts offer.
internal static class AbiImports
{
    public static readonly ImmutableArray<AbiImport> All =
    [
        .. Proxy(
            AbiVersions.All,
            [
                ("log", "iii"), ("get_current_time_nanoseconds", "i"), ("set_tick_period_milliseconds", "i"),
                ("get_status", "iii"), ("set_effective_context", "i"), ("done", ""),
                ("get_property", "iiii"), ("set_property", "iiii"), ("call_foreign_function", "iiiiii"),
                ("add_header_map_value", "iiiii"), ("get_header_map_value", "iiiii"), ("replace_header_map_value", "iiiii"),
                ("remove_header_map_value", "iii"), ("get_header_map_pairs", "iii"), ("set_header_map_pairs", "iii"),
                ("get_header_map_size", "ii"),
                ("get_buffer_bytes", "iiiii"), ("get_buffer_status", "iii"), ("set_buffer_bytes", "iiiii"),
                ("send_local_response", "iiiiiiii"),
                ("get_shared_data", "iiiii"), ("set_shared_data", "iiiii"),
                ("register_shared_queue", "iii"), ("resolve_shared_queue", "iiiii"), ("dequeue_shared_queue", "iii"),
                ("enqueue_shared_queue", "iii"),
                ("http_call", "iiiiiiiiii"), ("grpc_call", "iiiiiiiiiiii"), ("grpc_stream", "iiiiiiiii"),
                ("grpc_send", "iiii"), ("grpc_cancel", "i"), ("grpc_close", "i"),
                ("define_metric", "iiii"), ("increment_metric", "iI"), ("record_metric", "iI"), ("get_metric", "ii"),
            ]),
        .. Proxy(
            AbiVersions.Version010,
            [("get_configuration", "ii"), ("continue_request", ""), ("continue_response", ""), ("clear_route_cache", "")]),
        .. Proxy(AbiVersions.From020, [("continue_stream", "i"), ("close_stream", "i")]),
        .. Proxy(AbiVersions.Version021, [("get_log_level", "i")]),

        // For what Emscripten makes.
        new(ProxyWasmAbi.Env, "pthread_equal", AbiSignature.Of("ii:i"), AbiVersions.All),
        new(ProxyWasmAbi.Env, "emscripten_notify_memory_growth", AbiSignature.Of("i"), AbiVersions.All),
        .. Wasi(ProxyWasmAbi.Wasi),
        .. Wasi(ProxyWasmAbi.WasiUnstable),
    ];

    // Every one answers with a status.
    private static IEnumerable<AbiImport> Proxy(AbiVersions versions, (string Name, string Parameters)[] functions) =>
        functions.Select(f => new AbiImport(
            ProxyWasmAbi.Env, "proxy_" + f.Name, AbiSignature.Of(f.Parameters + ":i"), versions));

    private static IEnumerable<AbiImport> Wasi(string module) =>
    [
        new(module, "proc_exit", AbiSignature.Of("i"), AbiVersions.All),
        .. WasiOf(
            module,
            AbiSupport.Full,
            [
                ("fd_write", "iiii"), ("fd_fdstat_get", "ii"), ("environ_get", "ii"), ("environ_sizes_get", "ii"),
                ("args_get", "ii"), ("args_sizes_get", "ii"), ("clock_time_get", "iIi"), ("clock_res_get", "ii"), ("random_get", "ii"),
                ("sched_yield", ""), ("fd_pwrite", "iiiIi"),
            ]),
        .. WasiOf(
            module,
            AbiSupport.Stub,
            [
                ("fd_read", "iiii"), ("fd_seek", "iIii"), ("fd_close", "i"), ("fd_fdstat_set_flags", "ii"),
                ("fd_fdstat_set_rights", "iII"), ("fd_advise", "iIIi"), ("fd_allocate", "iII"),
                ("fd_datasync", "i"), ("fd_filestat_get", "ii"), ("fd_filestat_set_size", "iI"),
                ("fd_filestat_set_times", "iIIi"), ("fd_pread", "iiiIi"), ("fd_readdir", "iiiIi"),
                ("fd_renumber", "ii"), ("fd_sync", "i"), ("fd_tell", "ii"), ("fd_prestat_get", "ii"),
                ("fd_prestat_dir_name", "iii"), ("path_create_directory", "iii"), ("path_filestat_get", "iiiii"),
                ("path_filestat_set_times", "iiiiIIi"), ("path_link", "iiiiii"), ("path_open", "iiiiiIIii"),
                ("path_readlink", "iiiiii"), ("path_remove_directory", "iii"), ("path_rename", "iiiiii"),
                ("path_symlink", "iiii"), ("path_unlink_file", "iii"), ("poll_oneoff", "iiii"), ("sock_accept", "iii"),
                ("sock_recv", "iiiiii"), ("sock_send", "iiiii"), ("sock_shutdown", "ii"),
            ]),
    ];

    private static IEnumerable<AbiImport> WasiOf(
        string module, AbiSupport support, (string Name, string Parameters)[] functions) =>
        functions.Select(f => new AbiImport(module, f.Name, AbiSignature.Of(f.Parameters + ":i"), AbiVersions.All, support));
}

using System.Collections.Immutable;

namespace Weft.Wasm.Abi;

// What hosts call. Start-up and memory stand in AbiExports too, though they are called only as PluginCheck says.
internal static class AbiExports
{
    public static readonly ImmutableArray<AbiExport> All =
    [
        .. Of(
            AbiVersions.All,
            [
                ("_initialize", ""), ("_start", ""), ("main", "ii:i"), ("__main_void", ":i"),
                ("malloc", "i:i"), ("proxy_on_memory_allocate", "i:i"),
                ("proxy_validate_configuration", "ii:i"), ("proxy_on_vm_start", "ii:i"), ("proxy_on_configure", "ii:i"),
                ("proxy_on_tick", "i"), ("proxy_on_context_create", "ii"),
                ("proxy_on_new_connection", "i:i"), ("proxy_on_downstream_data", "iii:i"), ("proxy_on_upstream_data", "iii:i"),
                ("proxy_on_downstream_connection_close", "ii"), ("proxy_on_upstream_connection_close", "ii"),
                ("proxy_on_request_body", "iii:i"), ("proxy_on_request_trailers", "ii:i"), ("proxy_on_request_metadata", "ii:i"),
                ("proxy_on_response_body", "iii:i"), ("proxy_on_response_trailers", "ii:i"), ("proxy_on_response_metadata", "ii:i"),
                ("proxy_on_http_call_response", "iiiii"),
                ("proxy_on_grpc_receive", "iii"), ("proxy_on_grpc_close", "iii"),
                ("proxy_on_grpc_receive_initial_metadata", "iii"), ("proxy_on_grpc_receive_trailing_metadata", "iii"),
                ("proxy_on_queue_ready", "ii"), ("proxy_on_done", "i:i"), ("proxy_on_log", "i"), ("proxy_on_delete", "i"),
            ]),
        .. Of(AbiVersions.Version010, [("proxy_on_request_headers", "ii:i"), ("proxy_on_response_headers", "ii:i")]),
        .. Of(
            AbiVersions.From020,
            [
                ("proxy_on_request_headers", "iii:i"), ("proxy_on_response_headers", "iii:i"),
                ("proxy_on_foreign_function", "iii"),
            ]),
    ];

    private static IEnumerable<AbiExport> Of(AbiVersions versions, (string Name, string Type)[] functions) =>
        functions.Select(f => new AbiExport(f.Name, AbiSignature.Of(f.Type), versions));
}

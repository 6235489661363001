namespace Weft.Wasm.Host;

/// <summary>Which bytes a host call means. Values: proxy-wasm's <c>proxy_buffer_type_t</c>.</summary>
internal enum BufferKind : uint
{
    RequestBody = 0,
    ResponseBody = 1,
    DownstreamData = 2,
    UpstreamData = 3,
    CallResponseBody = 4,
    GrpcMessage = 5,
    VmConfiguration = 6,
    PluginConfiguration = 7,
    ForeignArguments = 8,
}

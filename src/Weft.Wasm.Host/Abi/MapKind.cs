namespace Weft.Wasm.Host;

/// <summary>Which list of headers a host call means. Values: proxy-wasm's <c>proxy_map_type_t</c>.</summary>
internal enum MapKind : uint
{
    RequestHeaders = 0,
    RequestTrailers = 1,
    ResponseHeaders = 2,
    ResponseTrailers = 3,
    GrpcInitialMetadata = 4,
    GrpcTrailingMetadata = 5,
    CallResponseHeaders = 6,
    CallResponseTrailers = 7,
}

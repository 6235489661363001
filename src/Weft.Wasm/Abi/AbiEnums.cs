namespace Weft.Wasm.Abi;

/// <summary>What a function of the host answers.</summary>
public enum AbiStatus
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>What was asked for is not there: no such header, property or key.</summary>
    NotFound = 1,

    /// <summary>An argument is none of those that are allowed now, such as an unknown map.</summary>
    BadArgument = 2,

    /// <summary>A value cannot be turned into bytes.</summary>
    SerializationFailure = 3,

    /// <summary>Bytes cannot be turned into a value.</summary>
    ParseFailure = 4,

    /// <summary>An expression is wrong; no longer answered.</summary>
    BadExpression = 5,

    /// <summary>An address is outside of the plugin's memory, or its allocator had none left.</summary>
    InvalidMemoryAccess = 6,

    /// <summary>There is nothing in it: a queue without items.</summary>
    Empty = 7,

    /// <summary>A shared value has been changed since its number was read.</summary>
    CasMismatch = 8,

    /// <summary>A result is not of the type that was expected; no longer answered.</summary>
    ResultMismatch = 9,

    /// <summary>The host failed.</summary>
    InternalFailure = 10,

    /// <summary>A connection has ended; no longer answered.</summary>
    BrokenConnection = 11,

    /// <summary>The host does not have this function.</summary>
    Unimplemented = 12,
}

/// <summary>How important a line of the log is.</summary>
public enum AbiLogLevel
{
    /// <summary>For whoever follows each step.</summary>
    Trace = 0,

    /// <summary>For whoever looks for a mistake.</summary>
    Debug = 1,

    /// <summary>For whoever runs it.</summary>
    Info = 2,

    /// <summary>Something may be wrong.</summary>
    Warn = 3,

    /// <summary>Something is wrong.</summary>
    Error = 4,

    /// <summary>It cannot go on.</summary>
    Critical = 5,
}

/// <summary>The maps of headers that a plugin reads and changes.</summary>
public enum AbiHeaderMap
{
    /// <summary>The headers of the request.</summary>
    RequestHeaders = 0,

    /// <summary>The trailers of the request.</summary>
    RequestTrailers = 1,

    /// <summary>The headers of the response.</summary>
    ResponseHeaders = 2,

    /// <summary>The trailers of the response.</summary>
    ResponseTrailers = 3,

    /// <summary>The first metadata of a gRPC call of the plugin.</summary>
    GrpcInitialMetadata = 4,

    /// <summary>The last metadata of a gRPC call of the plugin.</summary>
    GrpcTrailingMetadata = 5,

    /// <summary>The headers of the response to an HTTP call of the plugin.</summary>
    HttpCallResponseHeaders = 6,

    /// <summary>The trailers of the response to an HTTP call of the plugin.</summary>
    HttpCallResponseTrailers = 7,
}

/// <summary>The buffers of bytes that a plugin reads and changes.</summary>
public enum AbiBuffer
{
    /// <summary>The body of the request, as far as it is here.</summary>
    RequestBody = 0,

    /// <summary>The body of the response, as far as it is here.</summary>
    ResponseBody = 1,

    /// <summary>Bytes of a TCP connection from its client.</summary>
    DownstreamData = 2,

    /// <summary>Bytes of a TCP connection from its server.</summary>
    UpstreamData = 3,

    /// <summary>The body of the response to an HTTP call of the plugin.</summary>
    HttpCallResponseBody = 4,

    /// <summary>A message that came by a gRPC call of the plugin.</summary>
    GrpcMessage = 5,

    /// <summary>The configuration of the virtual machine, while it starts.</summary>
    VmConfiguration = 6,

    /// <summary>The configuration of the plugin, while it is configured.</summary>
    PluginConfiguration = 7,

    /// <summary>The arguments of a foreign function.</summary>
    CallData = 8,
}

/// <summary>A direction of a stream, which a plugin resumes or ends.</summary>
public enum AbiDirection
{
    /// <summary>The request of HTTP.</summary>
    Request = 0,

    /// <summary>The response of HTTP.</summary>
    Response = 1,

    /// <summary>From the client of TCP.</summary>
    Downstream = 2,

    /// <summary>From the server of TCP.</summary>
    Upstream = 3,
}

/// <summary>What a plugin answers to an event of a stream.</summary>
public enum AbiAction
{
    /// <summary>Go on with the next filter.</summary>
    Continue = 0,

    /// <summary>Wait until the plugin resumes the stream.</summary>
    Pause = 1,
}

/// <summary>What a metric measures.</summary>
public enum AbiMetric
{
    /// <summary>A number that only grows.</summary>
    Counter = 0,

    /// <summary>A number that goes up and down.</summary>
    Gauge = 1,

    /// <summary>How values are spread.</summary>
    Histogram = 2,
}

/// <summary>Who closed a TCP connection.</summary>
public enum AbiPeer
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>The proxy.</summary>
    Local = 1,

    /// <summary>The other side.</summary>
    Remote = 2,
}

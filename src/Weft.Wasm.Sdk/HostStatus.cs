namespace Weft.Wasm.Sdk;

/// <summary>
/// How the proxy answers a call. Values: proxy-wasm's <c>proxy_status_t</c> as Envoy's hosts give it.
/// </summary>
public enum HostStatus
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>There is no such thing: header, property, key, queue or metric.</summary>
    NotFound = 1,

    /// <summary>An argument is not allowed, or not now: an unknown cluster, or headers after they were sent.</summary>
    BadArgument = 2,

    /// <summary>A property's value cannot be given as bytes.</summary>
    SerializationFailure = 3,

    /// <summary>A list of pairs was malformed.</summary>
    ParseFailure = 4,

    /// <summary>An expression was malformed.</summary>
    BadExpression = 5,

    /// <summary>A pointer was out of the plugin's memory, or the memory for the answer could not be had.</summary>
    InvalidMemoryAccess = 6,

    /// <summary>The queue is empty.</summary>
    Empty = 7,

    /// <summary>Shared data was changed by another since it was read.</summary>
    CasMismatch = 8,

    /// <summary>The result is not of the kind that was asked for.</summary>
    ResultMismatch = 9,

    /// <summary>The proxy could not do it, a call to a cluster without a healthy endpoint for example.</summary>
    InternalFailure = 10,

    /// <summary>The connection is broken.</summary>
    BrokenConnection = 11,

    /// <summary>This proxy, or this kind of stream, does not know the call.</summary>
    Unimplemented = 12,
}

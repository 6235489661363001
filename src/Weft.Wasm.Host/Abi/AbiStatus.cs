namespace Weft.Wasm.Host;

/// <summary>
/// What a host call answers to a plugin. Values: proxy-wasm's <c>proxy_status_t</c>, as Envoy uses them.
/// </summary>
public enum AbiStatus
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>There is no such header, property, key, queue or metric.</summary>
    NotFound = 1,

    /// <summary>An argument is out of range, or what it names is not there at this time.</summary>
    BadArgument = 2,

    /// <summary>A value cannot be given as bytes.</summary>
    SerializationFailure = 3,

    /// <summary>Bytes are not what they should be.</summary>
    ParseFailure = 4,

    /// <summary>An expression is not valid.</summary>
    BadExpression = 5,

    /// <summary>An address lies outside of the plugin's memory, or its allocator gave nothing.</summary>
    InvalidMemoryAccess = 6,

    /// <summary>The queue is empty.</summary>
    Empty = 7,

    /// <summary>Somebody else has written the value meanwhile.</summary>
    CasMismatch = 8,

    /// <summary>The result is of another kind than expected.</summary>
    ResultMismatch = 9,

    /// <summary>The host could not do it.</summary>
    InternalFailure = 10,

    /// <summary>The connection of a call is gone.</summary>
    BrokenConnection = 11,

    /// <summary>This host does not offer it.</summary>
    Unimplemented = 12,
}

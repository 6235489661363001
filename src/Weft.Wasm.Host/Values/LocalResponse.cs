namespace Weft.Wasm.Host;

/// <summary>A response that a plugin, or the host for it, gives instead of the server.</summary>
public sealed class LocalResponse
{
    /// <summary>The status code of HTTP.</summary>
    public required int Status { get; init; }

    /// <summary>What the access log shows as the reason: <c>wasm_fail_stream</c> where the plugin has failed.</summary>
    public string Details { get; init; } = "";

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What is added to the headers.</summary>
    public HeaderMap Headers { get; init; } = new();

    /// <summary>The status of gRPC, 0 to 16, where the plugin gave one; for requests of gRPC.</summary>
    public int? GrpcStatus { get; init; }
}

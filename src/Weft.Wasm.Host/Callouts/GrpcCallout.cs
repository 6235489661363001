namespace Weft.Wasm.Host;

/// <summary>A call or a stream over gRPC that a plugin makes.</summary>
public sealed class GrpcCallout
{
    private readonly PluginContext _caller;

    internal GrpcCallout(PluginContext caller, uint token) => (_caller, Token) = (caller, token);

    /// <summary>The number that the plugin knows the call by.</summary>
    public uint Token { get; }

    /// <summary>
    /// Whom the plugin calls: the name of a cluster, or a serialized <c>envoy.config.core.v3.GrpcService</c>.
    /// </summary>
    public required ReadOnlyMemory<byte> Target { get; init; }

    /// <summary>The full name of the service.</summary>
    public required string Service { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The metadata that goes first.</summary>
    public required HeaderMap InitialMetadata { get; init; }

    /// <summary>The message of a call; empty of a stream.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>How long a call may take; null of a stream.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether it is a stream.</summary>
    public bool IsStream { get; init; }

    /// <summary>Takes the messages that the plugin sends on a stream, and whether each is the last.</summary>
    public Action<ReadOnlyMemory<byte>, bool>? Sent { get; set; }

    /// <summary>Told when the plugin sends no more on a stream.</summary>
    public Action? Closed { get; set; }

    /// <summary>Told when the plugin wants no more of it, or is gone.</summary>
    public Action? Canceled { get; set; }

    internal bool IsClosedByPlugin { get; set; }

    internal bool IsClosedByServer { get; set; }

    /// <summary>Gives the plugin the metadata that the server sent first. On the worker.</summary>
    public void ReceiveInitialMetadata(HeaderMap metadata) => _caller.OnGrpcInitialMetadata(this, metadata);

    /// <summary>Gives the plugin a message; a call has one and ends with it. On the worker.</summary>
    public void Receive(ReadOnlyMemory<byte> message) => _caller.OnGrpcMessage(this, message);

    /// <summary>Gives the plugin the metadata that the server sent last. On the worker.</summary>
    public void ReceiveTrailingMetadata(HeaderMap metadata) => _caller.OnGrpcTrailingMetadata(this, metadata);

    /// <summary>
    /// Tells the plugin how it ended. On the worker. A call that went well ends with its message instead.
    /// </summary>
    /// <param name="status">The status of gRPC.</param>
    /// <param name="message">What the server says of it.</param>
    public void Close(int status, string message = "") => _caller.OnGrpcClose(this, status, message);
}

namespace Weft.Wasm.Sdk;

/// <summary>What has come of a gRPC call.</summary>
public enum GrpcNews
{
    /// <summary>The metadata before all messages: <see cref="GrpcEvent.InitialMetadata"/>.</summary>
    InitialMetadata,

    /// <summary>A message: <see cref="GrpcEvent.Message"/>.</summary>
    Message,

    /// <summary>The metadata after all messages: <see cref="GrpcEvent.TrailingMetadata"/>.</summary>
    TrailingMetadata,

    /// <summary>The call has ended: <see cref="GrpcEvent.Status"/>. Nothing follows.</summary>
    Closed,
}

/// <summary>News of a <see cref="GrpcCall"/>. It can be read in the callback that brings it.</summary>
public readonly struct GrpcEvent
{
    private readonly int _value;

    internal GrpcEvent(GrpcNews kind, int value)
    {
        Kind = kind;
        _value = value;
    }

    /// <summary>What has come.</summary>
    public GrpcNews Kind { get; }

    /// <summary>Entries of the metadata, or bytes of the message; 0 where the call has ended.</summary>
    public int Size => Kind == GrpcNews.Closed ? 0 : _value;

    /// <summary>gRPC's status of a call that has ended, 0 for OK; -1 while it has not.</summary>
    public int Status => Kind == GrpcNews.Closed ? _value : -1;

    /// <summary>The metadata before all messages.</summary>
    public HeaderMap InitialMetadata => new(4);

    /// <summary>The metadata after all messages.</summary>
    public HeaderMap TrailingMetadata => new(5);

    /// <summary>The message, in protobuf's form.</summary>
    public BodyBuffer Message => new(5);
}

namespace TrafficTag;

/// <summary>A request as the rules see it: the proxy's, or one that a test made.</summary>
internal interface IRequest
{
    /// <summary>Whether the listener takes requests from outside of the mesh.</summary>
    bool IsAtGateway { get; }

    /// <summary>The client's address and port.</summary>
    ReadOnlySpan<byte> Address { get; }

    /// <summary>A number that differs from request to request.</summary>
    long Chance { get; }

    bool TryGet(ReadOnlySpan<byte> header, out ReadOnlySpan<byte> value);

    void Set(ReadOnlySpan<byte> header, ReadOnlySpan<byte> value);

    void Remove(ReadOnlySpan<byte> header);
}

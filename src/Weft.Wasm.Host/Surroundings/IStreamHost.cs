using System.Buffers;

namespace Weft.Wasm.Host;

/// <summary>
/// The proxy's side of a stream that a plugin looks at. Except for properties and the route cache, its members are
/// called after the callback has returned, as Envoy does: they may well call the stream again.
/// </summary>
public interface IStreamHost
{
    /// <summary>What was held goes on.</summary>
    public void Continue(StreamKind stream);

    /// <summary>The stream, or the connection, ends without an answer.</summary>
    public void Close(StreamKind stream);

    /// <summary>The stream is answered, and what was held is thrown away. Called at most once for a stream.</summary>
    public void SendLocalResponse(LocalResponse response);

    /// <summary>The route is picked anew: the plugin has changed the request's headers, or has asked for it.</summary>
    public void ClearRouteCache();

    /// <summary>Looks up a property of the stream, such as <c>request.path</c>.</summary>
    /// <param name="path">The parts of the name, with a zero between them.</param>
    /// <param name="value">
    /// Takes the value as CEL's types are given by Envoy: text and bytes as they are, numbers, times (nanoseconds since
    /// 1970) and durations as 8 bytes little-endian, booleans as one byte, maps and lists as pairs.
    /// </param>
    public bool TryGetProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value);

    /// <summary>Keeps a value with the stream, where other plugins find it as a property.</summary>
    public AbiStatus SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value);
}

using System.Buffers;
using Weft.Wasm.Host;

namespace Weft.Wasm.Tests.Host;

/// <summary>A proxy's side of a stream that keeps what it is told.</summary>
internal sealed class NoStream : IStreamHost
{
    public LocalResponse? Response { get; private set; }

    public int Closed { get; private set; }

    public void Continue(StreamKind stream)
    {
    }

    public void Close(StreamKind stream) => Closed++;

    public void SendLocalResponse(LocalResponse response) => Response = response;

    public void ClearRouteCache()
    {
    }

    public bool TryGetProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value) => false;

    public AbiStatus SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value) => AbiStatus.NotFound;
}

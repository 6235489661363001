using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>The request that the proxy calls the plugin back for.</summary>
internal readonly struct ProxyRequest : IRequest
{
    public bool IsAtGateway => Properties.ListenerDirection == ListenerDirection.Unspecified;

    public ReadOnlySpan<byte> Address => Properties.SourceAddress;

    public long Chance => Clock.Now;

    public bool TryGet(ReadOnlySpan<byte> header, out ReadOnlySpan<byte> value) =>
        Request.Headers.TryGet(header, out value);

    public void Set(ReadOnlySpan<byte> header, ReadOnlySpan<byte> value) => Request.Headers.Set(header, value);

    public void Remove(ReadOnlySpan<byte> header) => Request.Headers.Remove(header);
}

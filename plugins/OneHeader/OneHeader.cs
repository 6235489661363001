using Weft.Wasm.Sdk;

namespace OneHeader;

/// <summary>Colours the requests of gold customers.</summary>
public struct OneHeaderPlugin : IHttpPlugin<OneHeaderPlugin, OneHeaderRequest>;

/// <summary>One request.</summary>
public struct OneHeaderRequest : IHttpStream<OneHeaderPlugin>
{
    /// <inheritdoc/>
    public readonly FilterAction OnRequestHeaders(ref OneHeaderPlugin plugin, bool endOfStream)
    {
        if (Request.Headers.Get("x-user-tier"u8).SequenceEqual("gold"u8))
        {
            Request.Headers.Set("x-envoy-flow-tag"u8, "canary"u8);
        }

        return FilterAction.Continue;
    }
}

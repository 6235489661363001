using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>Tags requests by rules. README.md says how they are written.</summary>
public struct TrafficTagPlugin : IHttpPlugin<TrafficTagPlugin, TrafficTagRequest>
{
    internal byte[] Rules;

    /// <inheritdoc/>
    public bool OnConfigure(ReadOnlySpan<byte> configuration)
    {
        var read = TagRules.TryRead(configuration, out Rules);
        if (!read)
        {
            Log.Error("traffic-tag: these are no compiled rules, which 'weft plugin rules FILE' prints"u8);
        }

        return read;
    }
}

/// <summary>One request.</summary>
public struct TrafficTagRequest : IHttpStream<TrafficTagPlugin>
{
    /// <inheritdoc/>
    public readonly FilterAction OnRequestHeaders(ref TrafficTagPlugin plugin, bool endOfStream)
    {
        Tagger.Run(TagRules.Of(plugin.Rules), default(ProxyRequest));
        return FilterAction.Continue;
    }
}

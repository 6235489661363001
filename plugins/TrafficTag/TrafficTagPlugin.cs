using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>Tags requests by rules. README.md says how they are written.</summary>
public struct TrafficTagPlugin : IHttpPlugin<TrafficTagPlugin, TrafficTagRequest>
{
    private const int MaxMessage = 256;

    internal TagRules Rules;

    /// <inheritdoc/>
    public bool OnConfigure(ReadOnlySpan<byte> configuration)
    {
        var reader = new TagRulesReader(configuration);
        if (reader.Read(out Rules))
        {
            return true;
        }

        var message = new Utf8Writer(stackalloc byte[MaxMessage]);
        message.Append("traffic-tag: "u8);
        reader.Describe(ref message);
        Log.Error(message.Written);
        return false;
    }
}

/// <summary>One request.</summary>
public struct TrafficTagRequest : IHttpStream<TrafficTagPlugin>
{
    /// <inheritdoc/>
    public readonly FilterAction OnRequestHeaders(ref TrafficTagPlugin plugin, bool endOfStream)
    {
        Tagger.Run(ref plugin.Rules, default(ProxyRequest));
        return FilterAction.Continue;
    }
}

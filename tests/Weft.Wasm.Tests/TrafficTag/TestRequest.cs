using global::TrafficTag;
using Weft.Wasm.Tags;
using Bytes = Weft.Wasm.Tests.Sdk.Bytes;

namespace Weft.Wasm.Tests.TrafficTag;

/// <summary>A request of a test's, and what a configuration makes of it.</summary>
internal readonly struct TestRequest : IRequest
{
    private readonly Dictionary<string, string> _headers;
    private readonly string _address;

    public TestRequest(string headers, string address = "10.1.2.3:4711", bool gateway = false, long chance = 0)
    {
        _headers = headers.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        _address = address;
        IsAtGateway = gateway;
        Chance = chance;
    }

    public bool IsAtGateway { get; }

    public long Chance { get; }

    public ReadOnlySpan<byte> Address => Bytes.Of(_address);

    /// <summary>What the header is after the configuration has seen the request.</summary>
    public string? Tagged(byte[] rules, string header = "x-envoy-flow-tag")
    {
        Tagger.Run(TagRules.Of(rules), this);
        return _headers.GetValueOrDefault(header);
    }

    public bool TryGet(ReadOnlySpan<byte> header, out ReadOnlySpan<byte> value)
    {
        var there = _headers.TryGetValue(Bytes.Text(header), out var text);
        value = Bytes.Of(text ?? "");
        return there;
    }

    public void Set(ReadOnlySpan<byte> header, ReadOnlySpan<byte> value) =>
        _headers[Bytes.Text(header)] = Bytes.Text(value);

    public void Remove(ReadOnlySpan<byte> header) => _headers.Remove(Bytes.Text(header));

    /// <summary>The rules of a configuration, as the plugin has them.</summary>
    public static byte[] Rules(string configuration)
    {
        Assert.True(TagConfiguration.TryCompile(configuration, out var compiled, out var mistake), mistake?.Message);
        Assert.True(TagRules.TryRead(Bytes.Of(compiled), out var rules));
        return rules;
    }
}

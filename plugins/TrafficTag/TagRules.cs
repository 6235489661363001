using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>Where a condition finds the value that it looks at.</summary>
internal enum ValueSource
{
    None,
    Header,
    Cookie,
    Query,
    Path,
    Method,
    Address,
}

/// <summary>What a condition asks of a value.</summary>
internal enum Test
{
    In,
    NotIn,
    Prefix,
    Regex,
    Percentage,
    Exists,
    NotExists,
}

/// <summary>Whom the proxy serves, and so whether a tag that comes with a request is believed.</summary>
internal enum Role
{
    /// <summary>The listener says: one without a direction is a gateway's.</summary>
    ByListener,

    /// <summary>Clients outside: their tags are taken away.</summary>
    Gateway,

    /// <summary>A service of the mesh: its tags stay as they are.</summary>
    Sidecar,
}

/// <summary>
/// The compiled rules, <c>TagRuleWriter</c> in <c>Weft.Wasm</c> says how. They come as base64 in JSON, for what carries
/// configurations may know nothing else.
/// </summary>
internal static class TagRules
{
    private const int HeadSize = 5;

    /// <summary>Takes the rules out of a configuration, whole and as they were written.</summary>
    public static bool TryRead(ReadOnlySpan<byte> configuration, out byte[] rules)
    {
        var letters = Letters(configuration);
        rules = new byte[Base64.DecodedLength(letters)];
        if (!Base64.TryDecode(letters, rules, out var size) || size <= HeadSize || rules[0] != 1)
        {
            return false;
        }

        var written = (uint)(rules[1] | (rules[2] << 8) | (rules[3] << 16) | (rules[4] << 24));
        return written == Fnv.Hash32(new ReadOnlySpan<byte>(rules)[HeadSize..]);
    }

    /// <summary>Begins with the rules.</summary>
    public static Walk Of(byte[] rules) => new(new ReadOnlySpan<byte>(rules)[HeadSize..]);

    // What stands between the quotes after the colon.
    private static ReadOnlySpan<byte> Letters(ReadOnlySpan<byte> json)
    {
        json = json[(json.IndexOf((byte)':') + 1)..];
        json = json[(json.IndexOf((byte)'"') + 1)..];
        var end = json.IndexOf((byte)'"');
        return end < 0 ? default : json[..end];
    }
}

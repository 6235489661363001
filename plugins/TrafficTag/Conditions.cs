using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>Whether conditions hold for a request.</summary>
internal static class Conditions
{
    /// <summary>Whether all conditions hold, or any.</summary>
    public static bool Hold<TRequest>(Walk conditions, bool any, TRequest request)
        where TRequest : struct, IRequest
    {
        while (!conditions.IsAtEnd)
        {
            if (Holds(conditions.Block(), request) == any)
            {
                return any;
            }
        }

        return !any;
    }

    /// <summary>Finds the value of the place that comes next.</summary>
    public static bool TryRead<TRequest>(ref Walk rules, TRequest request, out ReadOnlySpan<byte> value)
        where TRequest : struct, IRequest
    {
        var source = (ValueSource)rules.Byte();
        var key = rules.Word();
        switch (source)
        {
            case ValueSource.Header:
                return request.TryGet(key, out value);
            case ValueSource.Cookie:
                return request.TryGet("cookie"u8, out value) && new Cookies(value).TryGet(key, out value);
            case ValueSource.Query:
                return request.TryGet(":path"u8, out value) && TryQuery(value, key, out value);
            case ValueSource.Path:
                var there = request.TryGet(":path"u8, out value);
                var end = value.IndexOf((byte)'?');
                value = end < 0 ? value : value[..end];
                return there;
            case ValueSource.Method:
                return request.TryGet(":method"u8, out value);
            case ValueSource.Address:
                value = WithoutPort(request.Address);
                return value.Length > 0;
            default:
                value = default;
                return false;
        }
    }

    private static bool Holds<TRequest>(Walk condition, TRequest request)
        where TRequest : struct, IRequest
    {
        var there = TryRead(ref condition, request, out var value);
        var test = (Test)condition.Byte();
        if (test >= Test.Exists)
        {
            return there == (test == Test.Exists);
        }

        // What is not there is equal to nothing, and different from nothing.
        return there && test switch
        {
            Test.Prefix => value.StartsWith(condition.Rest),
            Test.Regex => RegexWalk.Matches(condition.Rest, value),
            Test.Percentage => Sha256.Hash64(value) % 100 < condition.Byte(),
            _ => IsOneOf(condition, value) == (test == Test.In),
        };
    }

    private static bool IsOneOf(Walk words, ReadOnlySpan<byte> value)
    {
        while (!words.IsAtEnd)
        {
            if (value.SequenceEqual(words.Word()))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryQuery(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if (!new Query(path).TryGet(name, out value))
        {
            return false;
        }

        if (value.IndexOf((byte)'%') >= 0 || value.IndexOf((byte)'+') >= 0)
        {
            var decoded = new byte[value.Length];
            _ = Query.TryDecode(value, decoded, out var size);
            value = new ReadOnlySpan<byte>(decoded)[..size];
        }

        return true;
    }

    // 10.0.0.1:80 and [fd00::1]:80 without what only parts the address from its port.
    private static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> address)
    {
        if (address.Length > 0 && address[0] == '[')
        {
            var close = address.IndexOf((byte)']');
            return close < 0 ? address : address[1..close];
        }

        var colon = address.IndexOf((byte)':');
        return colon < 0 ? address : address[..colon];
    }
}

using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>Whether conditions hold for a request.</summary>
internal static class Conditions
{
    /// <summary>Whether a rule's conditions hold: all of them or any, as it says. Without one it never holds.</summary>
    public static bool Hold<TRequest>(ref TagRule rule, TRequest request)
        where TRequest : struct, IRequest
    {
        for (var i = 0; i < rule.Conditions.Length; i++)
        {
            if (Holds(ref rule.Conditions[i], request) == rule.Any)
            {
                return rule.Any;
            }
        }

        return !rule.Any && rule.Conditions.Length > 0;
    }

    /// <summary>Finds a value.</summary>
    public static bool TryRead<TRequest>(ref ValuePlace place, TRequest request, out ReadOnlySpan<byte> value)
        where TRequest : struct, IRequest
    {
        switch (place.Source)
        {
            case ValueSource.Header:
                return request.TryGet(place.Key, out value);
            case ValueSource.Cookie:
                return request.TryGet("cookie"u8, out value) && new Cookies(value).TryGet(place.Key, out value);
            case ValueSource.Query:
                return request.TryGet(":path"u8, out value) && TryQuery(value, place.Key, out value);
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

    private static bool Holds<TRequest>(ref Condition condition, TRequest request)
        where TRequest : struct, IRequest
    {
        var there = TryRead(ref condition.Place, request, out var value);
        if (condition.Test >= Test.Exists)
        {
            return there == (condition.Test == Test.Exists);
        }

        // What is not there is equal to nothing, and different from nothing.
        return there && condition.Test switch
        {
            Test.Prefix => value.StartsWith(condition.Values[0].Bytes),
            Test.Regex => RegexWalk.Matches(condition.Table, value),
            Test.Percentage => Sha256.Hash64(value) % 100 < (ulong)condition.Percent,
            _ => IsOneOf(condition.Values, value) == (((int)condition.Test & 1) == 0),
        };
    }

    private static bool IsOneOf(Word[] values, ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (value.SequenceEqual(values[i].Bytes))
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

using System.Buffers;

namespace Weft.Wasm.Host;

/// <summary>
/// The properties that are read from headers: <c>request.path</c>, <c>request.headers</c> and others. They are there as
/// long as the headers are.
/// </summary>
public static class HeaderProperties
{
    /// <summary>A property of a request that is read from its headers: <c>path</c>, <c>headers</c> and so on.</summary>
    /// <param name="field">The name behind <c>request</c>; its parts have a zero between them.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="value">Takes the value.</param>
    /// <returns>False where there is none.</returns>
    public static bool TryGetOfRequest(ReadOnlySpan<byte> field, HeaderMap headers, IBufferWriter<byte> value)
    {
        if (TryGetMap(field, "headers"u8, headers, value))
        {
            return true;
        }

        var name = field switch
        {
            _ when field.SequenceEqual("path"u8) => ":path"u8,
            _ when field.SequenceEqual("url_path"u8) || field.SequenceEqual("query"u8) => ":path"u8,
            _ when field.SequenceEqual("method"u8) => ":method"u8,
            _ when field.SequenceEqual("host"u8) => ":authority"u8,
            _ when field.SequenceEqual("scheme"u8) => ":scheme"u8,
            _ when field.SequenceEqual("referer"u8) => "referer"u8,
            _ when field.SequenceEqual("useragent"u8) => "user-agent"u8,
            _ when field.SequenceEqual("id"u8) => "x-request-id"u8,
            _ => default,
        };
        if (name.IsEmpty || !headers.TryGet(name, out var text))
        {
            return false;
        }

        var query = text.IndexOf((byte)'?');
        value.Write(field.SequenceEqual("url_path"u8) && query >= 0 ? text[..query]
            : !field.SequenceEqual("query"u8) ? text
            : query < 0 ? default : text[(query + 1)..]);
        return true;
    }

    /// <summary>All headers as a map, or one of them by its name, all its values with a comma between them.</summary>
    /// <param name="field">What is asked for; its parts have a zero between them.</param>
    /// <param name="map">What the map is called: <c>headers</c> or <c>trailers</c>.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="value">Takes the value.</param>
    /// <returns>False where <paramref name="field"/> is not of the map, or there is no such header.</returns>
    public static bool TryGetMap(
        ReadOnlySpan<byte> field, ReadOnlySpan<byte> map, HeaderMap headers, IBufferWriter<byte> value)
    {
        if (field.SequenceEqual(map))
        {
            PropertyValue.Write(value, headers);
            return true;
        }

        if (!field.StartsWith(map) || field[map.Length] != 0)
        {
            return false;
        }

        var name = field[(map.Length + 1)..];
        var isFound = false;
        for (var i = 0; i < headers.Count; i++)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(headers.NameAt(i), name))
            {
                value.Write(isFound ? ","u8 : default);
                value.Write(headers.ValueAt(i));
                isFound = true;
            }
        }

        return isFound;
    }
}

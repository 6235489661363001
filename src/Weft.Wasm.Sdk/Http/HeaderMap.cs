#pragma warning disable CS8500 // Addresses of types that may hold references: where they lie does not change in wasm.
namespace Weft.Wasm.Sdk;

/// <summary>
/// Headers or trailers of the stream that is called back, in the proxy. Names are lower case; <c>:path</c>,
/// <c>:method</c>, <c>:authority</c>, <c>:scheme</c> and <c>:status</c> are headers as well. In Envoy a change of the
/// request's headers makes it choose the route anew.
/// </summary>
public readonly unsafe struct HeaderMap
{
    private readonly int _map;

    internal HeaderMap(int map)
    {
        _map = map;
    }

    /// <summary>How many headers there are. Each call fetches all of them.</summary>
    public int Count => GetEnumerator().Count;

    /// <summary>Bytes of all names and values, as the proxy counts them; 0 where there is no such map now.</summary>
    public int ByteSize
    {
        get
        {
            var size = 0;
            _ = Abi.GetHeaderMapSize(_map, &size);
            return size;
        }
    }

    /// <summary>A header's value. Of several headers with this name, Envoy gives the first.</summary>
    /// <param name="name">The header's name, in lower case.</param>
    /// <param name="value">The value, gone after the callback; empty where there is no such header.</param>
    /// <returns>Whether there is such a header.</returns>
    public bool TryGet(scoped Text name, out ReadOnlySpan<byte> value)
    {
        // In wasm a span is its address and its length: the proxy writes both where they are wanted.
        value = default;
        fixed (byte* key = name.Bytes)
        fixed (ReadOnlySpan<byte>* v = &value)
        {
            return Abi.GetHeaderMapValue(_map, key, name.Length, (byte**)v, (int*)v + 1) == 0;
        }
    }

    /// <summary>A header's value, or nothing where there is no such header.</summary>
    /// <param name="name">The header's name, in lower case.</param>
    public ReadOnlySpan<byte> Get(scoped Text name)
    {
        _ = TryGet(name, out var value);
        return value;
    }

    /// <summary>Whether there is a header with this name.</summary>
    /// <param name="name">The header's name, in lower case.</param>
    public bool Contains(Text name) => TryGet(name, out _);

    /// <summary>Sets a header: it replaces those with this name, and is added where there is none.</summary>
    /// <param name="name">The header's name, in lower case.</param>
    /// <param name="value">Its value.</param>
    public HostStatus Set(Text name, Text value)
    {
        fixed (byte* key = name.Bytes, bytes = value.Bytes)
        {
            return (HostStatus)Abi.ReplaceHeaderMapValue(_map, key, name.Length, bytes, value.Length);
        }
    }

    /// <summary>Adds a header beside those with this name.</summary>
    /// <param name="name">The header's name, in lower case.</param>
    /// <param name="value">Its value.</param>
    public HostStatus Add(Text name, Text value)
    {
        fixed (byte* key = name.Bytes, bytes = value.Bytes)
        {
            return (HostStatus)Abi.AddHeaderMapValue(_map, key, name.Length, bytes, value.Length);
        }
    }

    /// <summary>Removes all headers with this name. It is no error where there is none.</summary>
    /// <param name="name">The header's name, in lower case.</param>
    public HostStatus Remove(Text name)
    {
        fixed (byte* key = name.Bytes)
        {
            return (HostStatus)Abi.RemoveHeaderMapValue(_map, key, name.Length);
        }
    }

    /// <summary>Replaces all headers.</summary>
    /// <param name="headers">What is there afterwards.</param>
    /// <returns><see cref="HostStatus.BadArgument"/> where the list had no room for all that was added to it.</returns>
    public HostStatus Replace(HeaderList headers)
    {
        if (headers.Overflowed)
        {
            return HostStatus.BadArgument;
        }

        fixed (byte* pairs = headers.Encoded)
        {
            return (HostStatus)Abi.SetHeaderMapPairs(_map, pairs, headers.Encoded.Length);
        }
    }

    /// <summary>
    /// All headers in their order, fetched by one call; changes made while they are looked at do not show.
    /// </summary>
    public HeaderPairs GetEnumerator()
    {
        byte* bytes = null;
        var size = 0;
        _ = Abi.GetHeaderMapPairs(_map, &bytes, &size);
        return new HeaderPairs(new ReadOnlySpan<byte>(bytes, size));
    }
}

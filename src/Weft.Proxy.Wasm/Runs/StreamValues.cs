using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>What plugins keep with a request, for themselves and for the plugins after them.</summary>
internal sealed class StreamValues
{
    private const int MostBytes = 1 << 20;
    private static readonly object Key = new();
    private readonly ConcurrentDictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private int _bytes;

    public static bool TryGet(HttpContext http, ReadOnlySpan<byte> path, IBufferWriter<byte> value)
    {
        if (!http.Items.TryGetValue(Key, out var kept) || !((StreamValues)kept!)._values.TryGetValue(Name(path), out var found))
        {
            return false;
        }

        value.Write(found);
        return true;
    }

    public static AbiStatus Set(HttpContext http, ReadOnlySpan<byte> path, ReadOnlySpan<byte> value)
    {
        if (!http.Items.TryGetValue(Key, out var kept))
        {
            http.Items[Key] = kept = new StreamValues();
        }

        var values = (StreamValues)kept!;
        if (values._bytes + path.Length + value.Length > MostBytes)
        {
            return AbiStatus.InternalFailure;
        }

        // What is written over counts as well: a plugin that writes in a loop comes to an end.
        values._bytes += path.Length + value.Length;
        values._values[Name(path)] = value.ToArray();
        return AbiStatus.Ok;
    }

    private static string Name(ReadOnlySpan<byte> path) => Encoding.UTF8.GetString(path);
}

using System.Text;
using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>Headers between the proxy and a machine.</summary>
internal static class HeaderCopy
{
    private const int Short = 256;

    /// <summary>Adds headers to a map; what does not fit is left out.</summary>
    public static void Fill(HeaderMap map, IEnumerable<KeyValuePair<string, string>> headers)
    {
        Span<byte> name = stackalloc byte[Short];
        Span<byte> value = stackalloc byte[Short];
        foreach (var header in headers)
        {
            if (Encoding.UTF8.TryGetBytes(header.Key, name, out var nameLength)
                && Encoding.UTF8.TryGetBytes(header.Value, value, out var valueLength))
            {
                map.Add(name[..nameLength], value[..valueLength]);
            }
            else
            {
                map.Add(header.Key, header.Value);
            }
        }
    }

    /// <summary>Makes the proxy's headers those of a map; what is the same stays untouched.</summary>
    public static void Back(HttpFilterHeaders headers, HeaderMap map)
    {
        var former = Grouped(headers.All);
        var wanted = Grouped(All(map));
        foreach (var name in former.Keys)
        {
            if (!wanted.ContainsKey(name))
            {
                headers.Remove(name);
            }
        }

        foreach (var (name, values) in wanted)
        {
            if (former.TryGetValue(name, out var had) && had.SequenceEqual(values))
            {
                continue;
            }

            headers.Set(name, values[0]);
            foreach (var value in values.Skip(1))
            {
                headers.Add(name, value);
            }
        }
    }

    /// <summary>The headers of a map as text.</summary>
    public static IEnumerable<KeyValuePair<string, string>> All(HeaderMap map)
    {
        for (var i = 0; i < map.Count; i++)
        {
            yield return new(Encoding.UTF8.GetString(map.NameAt(i)), Encoding.UTF8.GetString(map.ValueAt(i)));
        }
    }

    private static Dictionary<string, List<string>> Grouped(IEnumerable<KeyValuePair<string, string>> headers)
    {
        var groups = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            if (!groups.TryGetValue(name, out var values))
            {
                groups[name] = values = [];
            }

            values.Add(value);
        }

        return groups;
    }
}

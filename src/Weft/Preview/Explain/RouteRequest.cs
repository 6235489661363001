using System.Collections.Immutable;

namespace Weft.Preview;

/// <summary>What a request is matched by.</summary>
/// <param name="Host">The authority: a name, with or without a port.</param>
/// <param name="Path">As the caller writes it, with the query.</param>
/// <param name="Headers">In order; a name may occur several times.</param>
internal sealed record RouteRequest(
    string Host, string Method, string Path, ImmutableArray<KeyValuePair<string, string>> Headers)
{
    /// <summary>A GET.</summary>
    public static RouteRequest Get(string host, string path, params (string Name, string Value)[] headers) =>
        new(host, "GET", path, [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))]);

    /// <summary>The path without query and fragment, which Envoy compares.</summary>
    public string PathOnly => Path.IndexOfAny(['?', '#']) is var end and >= 0 ? Path[..end] : Path;

    /// <summary>All values of a header as one, as Envoy compares them; null where it is absent.</summary>
    public string? Header(string name)
    {
        switch (name.ToUpperInvariant())
        {
            case ":METHOD": return Method;
            case ":PATH": return Path;
            case ":AUTHORITY" or "HOST": return Host;
            case ":SCHEME": return "http";
        }

        var values = Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
        return values.Count == 0 ? null : string.Join(',', values);
    }

    /// <summary>The first value of a query parameter, undecoded, as Envoy compares it; null where it is absent.</summary>
    public string? Query(string name)
    {
        var start = Path.IndexOf('?', StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        var query = Path[(start + 1)..];
        var fragment = query.IndexOf('#', StringComparison.Ordinal);
        foreach (var part in (fragment < 0 ? query : query[..fragment]).Split('&'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if ((equals < 0 ? part : part[..equals]) == name)
            {
                return equals < 0 ? "" : part[(equals + 1)..];
            }
        }

        return null;
    }
}

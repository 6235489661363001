using System.Collections.Immutable;

namespace Weft.Preview;

/// <summary>What a request is matched by. It comes without TLS.</summary>
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

    /// <summary>The values of a header, one for each time that it is written; none where it is absent.</summary>
    public IEnumerable<string> Header(string name) => name.ToUpperInvariant() switch
    {
        ":METHOD" => [Method],
        ":PATH" => [Path],
        ":AUTHORITY" or "HOST" => [Host],
        ":SCHEME" => ["http"],
        _ => Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value),
    };

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

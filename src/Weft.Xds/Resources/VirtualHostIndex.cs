namespace Weft.Xds;

/// <summary>
/// Which virtual host answers a host of a route configuration, as Envoy itself would find it (route_components.proto,
/// <c>VirtualHost.domains</c>): "1. Exact domain names. 2. Suffix domain wildcards. 3. Prefix domain wildcards. 4. Special
/// wildcard * matching any domain … The longest wildcards match first. The wildcard will not match the empty string".
/// Immutable once made.
/// </summary>
internal sealed class VirtualHostIndex
{
    // A DNS name has 253 characters at the most, a port five and its colon. What is longer is nobody's host.
    private const int LongestHost = 253 + 6;

    private readonly Dictionary<string, Domains> _byRoutes = new(StringComparer.Ordinal);

    /// <param name="hosts">
    /// Each named <c>route configuration/virtual host</c>, in ordinal order: a domain that two have is the first one's.
    /// </param>
    public VirtualHostIndex(IEnumerable<XdsResource> hosts)
    {
        foreach (var host in hosts)
        {
            if (!TryCut(host.Name, out var routes, out _))
            {
                continue;
            }

            if (!_byRoutes.TryGetValue(routes, out var domains))
            {
                _byRoutes[routes] = domains = new();
            }

            foreach (var domain in host.Domains)
            {
                domains.Add(domain, host);
            }
        }
    }

    /// <summary>What is asked for by <c>route configuration/host header</c>; null where that is nobody's host.</summary>
    public XdsResource? Of(string asked) =>
        TryCut(asked, out var routes, out var host) && host.Length <= LongestHost && _byRoutes.TryGetValue(routes, out var domains)
            ? domains.Of(host.ToLowerInvariant())
            : null;

    // "Matching should be done from right to left since a host entry cannot contain slashes while a route configuration
    // name can" (vhds.rst).
    private static bool TryCut(string name, out string routes, out string host)
    {
        var at = name.LastIndexOf('/');
        (routes, host) = at < 0 ? ("", "") : (name[..at], name[(at + 1)..]);
        return at > 0 && host.Length > 0;
    }

    /// <summary>The domains of one route configuration.</summary>
    private sealed class Domains
    {
        private readonly Dictionary<string, XdsResource> _exact = new(StringComparer.Ordinal);
        private readonly Wildcards _suffixes = new(isSuffix: true);
        private readonly Wildcards _prefixes = new(isSuffix: false);
        private XdsResource? _any;

        public void Add(string domain, XdsResource host)
        {
            // Envoy compares both in lower case.
            domain = domain.ToLowerInvariant();
            if (domain == "*")
            {
                _any ??= host;
            }
            else if (domain.StartsWith('*'))
            {
                _suffixes.Add(domain[1..], host);
            }
            else if (domain.EndsWith('*'))
            {
                _prefixes.Add(domain[..^1], host);
            }
            else
            {
                _exact.TryAdd(domain, host);
            }
        }

        public XdsResource? Of(string host) =>
            _exact.GetValueOrDefault(host) ?? _suffixes.Of(host) ?? _prefixes.Of(host) ?? _any;
    }

    /// <summary>
    /// Wildcards of one kind, the longest first: a look costs one step for each length that there is among them, whatever
    /// the host and however many they are.
    /// </summary>
    private sealed class Wildcards(bool isSuffix)
    {
        private readonly SortedDictionary<int, Dictionary<string, XdsResource>> _byLength =
            new(Comparer<int>.Create(static (a, b) => b.CompareTo(a)));

        public void Add(string fixedPart, XdsResource host)
        {
            if (!_byLength.TryGetValue(fixedPart.Length, out var byText))
            {
                _byLength[fixedPart.Length] = byText = new(StringComparer.Ordinal);
            }

            byText.TryAdd(fixedPart, host);
        }

        public XdsResource? Of(string host)
        {
            foreach (var (length, byText) in _byLength)
            {
                // What the star stands for is not empty.
                if (length < host.Length
                    && byText.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(
                        isSuffix ? host.AsSpan(host.Length - length) : host.AsSpan(0, length), out var found))
                {
                    return found;
                }
            }

            return null;
        }
    }
}

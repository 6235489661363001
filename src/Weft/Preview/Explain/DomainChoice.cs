using Envoy.Config.Route.V3;

namespace Weft.Preview;

/// <summary>The virtual host that a request's host falls to, and by which of its domains.</summary>
internal sealed record DomainChoice(VirtualHost Host, string Domain)
{
    private const int Exact = 1;

    /// <summary>
    /// Envoy's search order: "1. Exact domain names: www.foo.com. 2. Suffix domain wildcards: *.foo.com. 3. Prefix domain
    /// wildcards: foo.*. 4. Special wildcard * matching any domain. The longest wildcards match first."
    /// </summary>
    public static DomainChoice? Of(RouteConfiguration routes, RouteRequest request)
    {
        var host = routes.IgnorePortInHostMatching ? WithoutPort(request.Host) : request.Host;
        DomainChoice? best = null;
        var bestRank = int.MaxValue;
        foreach (var virtualHost in routes.VirtualHosts)
        {
            foreach (var domain in virtualHost.Domains)
            {
                var rank = Rank(domain, host);
                if (rank == Exact)
                {
                    return new(virtualHost, domain);
                }

                if (rank > 0 && (rank < bestRank || (rank == bestRank && domain.Length > best!.Domain.Length)))
                {
                    (best, bestRank) = (new(virtualHost, domain), rank);
                }
            }
        }

        return best;
    }

    // 1 to 4 as in the order above; 0 where it does not fit. "The wildcard will not match the empty string."
    private static int Rank(string domain, string host) => domain switch
    {
        "*" => 4,
        ['*', .. var suffix] => host.Length > suffix.Length && Ends(host, suffix) ? 2 : 0,
        [.. var prefix, '*'] => host.Length > prefix.Length && Begins(host, prefix) ? 3 : 0,
        _ => domain.Equals(host, StringComparison.OrdinalIgnoreCase) ? Exact : 0,
    };

    private static bool Ends(string host, string suffix) => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);

    private static bool Begins(string host, string prefix) => host.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static string WithoutPort(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon > 0
            && authority.IndexOf(']', colon) < 0
            && authority.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0
            ? authority[..colon]
            : authority;
    }
}

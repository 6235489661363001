using System.Collections.Frozen;
using System.Collections.Immutable;
using Weft.Proxy.Filters;

namespace Weft.Proxy.Routing;

/// <summary>A compiled route configuration.</summary>
/// <param name="Exact">Virtual hosts by their literal domains; hosts have no case.</param>
/// <param name="Suffixes">Those of <c>*.suffix</c>, without the star, longest first.</param>
/// <param name="Prefixes">Those of <c>prefix*</c>, without the star, longest first.</param>
/// <param name="Any">That of <c>*</c>.</param>
internal sealed record RouteTable(
    string Name,
    FrozenDictionary<string, VirtualHost> Exact,
    ImmutableArray<WildcardDomain> Suffixes,
    ImmutableArray<WildcardDomain> Prefixes,
    VirtualHost? Any,
    bool IgnorePort)
{
    private readonly FrozenDictionary<string, VirtualHost>.AlternateLookup<ReadOnlySpan<char>> _exact =
        Exact.GetAlternateLookup<ReadOnlySpan<char>>();

    public static RouteTable Empty { get; } = new(
        "",
        FrozenDictionary.ToFrozenDictionary<string, VirtualHost>([], StringComparer.OrdinalIgnoreCase),
        Suffixes: [],
        Prefixes: [],
        Any: null,
        IgnorePort: false);

    /// <summary>The first route of the request's virtual host that fits; null where there is none.</summary>
    /// <param name="dice">For routes that take a fraction of the requests.</param>
    public RouteEntry? Find(in RequestFacts request, double dice)
    {
        if (HostOf(request.Host) is not { } host)
        {
            return null;
        }

        foreach (var route in host.Routes)
        {
            if (route.Match.Fits(request, dice))
            {
                return route;
            }
        }

        return null;
    }

    /// <summary>
    /// Envoy's search order: "1. Exact domain names. 2. Suffix domain wildcards. 3. Prefix domain wildcards. 4. Special
    /// wildcard *. The longest wildcards match first."
    /// </summary>
    public VirtualHost? HostOf(string authority)
    {
        var host = IgnorePort ? WithoutPort(authority) : authority;
        if (_exact.TryGetValue(host, out var exact))
        {
            return exact;
        }

        foreach (var domain in Suffixes)
        {
            // "The wildcard will not match the empty string."
            if (host.Length > domain.Literal.Length
                && host.EndsWith(domain.Literal, StringComparison.OrdinalIgnoreCase))
            {
                return domain.Host;
            }
        }

        foreach (var domain in Prefixes)
        {
            if (host.Length > domain.Literal.Length
                && host.StartsWith(domain.Literal, StringComparison.OrdinalIgnoreCase))
            {
                return domain.Host;
            }
        }

        return Any;
    }

    private static ReadOnlySpan<char> WithoutPort(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon > 0
            && authority.IndexOf(']', colon) < 0
            && authority.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0
            ? authority.AsSpan(0, colon)
            : authority;
    }
}

/// <summary>A domain with a star at one end.</summary>
internal readonly record struct WildcardDomain(string Literal, VirtualHost Host);

/// <summary>The routes of some domains, in the order in which they are tried.</summary>
internal sealed record VirtualHost(string Name, ImmutableArray<RouteEntry> Routes);

/// <summary>What fits, and what is done then.</summary>
internal sealed record RouteEntry(string Name, RouteMatch Match, RouteAction Action, FilterOverrides Filters);

using System.Collections.Immutable;
using Weft.Proxy.Filters;
using Weft.Proxy.Listening;
using Weft.Proxy.Routing;
using Weft.Proxy.Tls;
using Weft.Xds;
using Weft.Xds.Client;

namespace Weft.Proxy.Config;

/// <summary>A listener with what its filter chains need.</summary>
internal sealed record WarmListener(ListenerConfig Config, ImmutableArray<WarmChain> Chains)
{
    /// <summary>The listener; null while one of its chains waits.</summary>
    /// <param name="former">What is in use of it, if anything.</param>
    public static WarmListener? Of(ListenerConfig config, WarmListener? former, XdsClientSnapshot known)
    {
        var last = former?.Chains ?? [];
        var chains = config.Chains.Select(c => WarmChain.Of(c, last, known)).ToImmutableArray();
        return chains.Contains(null) ? null : new(config, chains!);
    }

    public bool Equals(WarmListener? other) =>
        other is not null && Config == other.Config && Chains.SequenceEqual(other.Chains);

    public override int GetHashCode() => Config.GetHashCode();
}

/// <summary>A filter chain with its routes and certificates.</summary>
/// <param name="Routes">Null where it carries bytes.</param>
internal sealed record WarmChain(
    ChainConfig Config, RouteTable? Routes, ImmutableArray<ServerCertificate> Certificates, ImmutableArray<ReadyFilter> Filters)
{
    public static WarmChain? Of(ChainConfig config, ImmutableArray<WarmChain> former, XdsClientSnapshot known)
    {
        var routes = config.Traffic is HttpConfig http ? RoutesOf(http, former, known[TypeUrl.Route]) : null;
        if (config.Traffic is HttpConfig && routes is null)
        {
            return null;
        }

        var certificates = CertificatesOf(config.Tls, former, known[TypeUrl.Secret]);
        var filters = FiltersOf(config.Traffic as HttpConfig, former, known[TypeUrl.ExtensionConfig]);
        return certificates.IsDefault || filters.IsDefault ? null : new(config, routes, certificates, filters);
    }

    public bool Equals(WarmChain? other) =>
        other is not null && Config == other.Config && Routes == other.Routes
        && Certificates.SequenceEqual(other.Certificates) && Filters.SequenceEqual(other.Filters);

    public override int GetHashCode() => Config.GetHashCode();

    private static RouteTable? RoutesOf(HttpConfig config, ImmutableArray<WarmChain> former, XdsTypeSnapshot known)
    {
        if (config.RouteName is not { } name)
        {
            return config.Inline;
        }

        if (known.Resources.TryGetValue(name, out var resource))
        {
            return (RouteTable)resource.Value!;
        }

        // Envoy ignores the removal of routes: they go with their listener.
        return former.FirstOrDefault(c => c.Config.Traffic is HttpConfig h && h.RouteName == name)?.Routes
            ?? (known.Absent.Contains(name) ? RouteTable.Empty : null);
    }

    /// <summary>
    /// Default while one of them waits. One that does not exist, or was never accepted, lets requests pass or refuses them.
    /// </summary>
    private static ImmutableArray<ReadyFilter> FiltersOf(HttpConfig? config, ImmutableArray<WarmChain> former, XdsTypeSnapshot known)
    {
        var filters = ImmutableArray.CreateBuilder<ReadyFilter>();
        foreach (var filter in config?.Discovered ?? [])
        {
            var ready = known.Resources.TryGetValue(filter.Resource, out var resource)
                ? new(filter.Resource, (HeldFilter)resource.Value!, Refuses: false)
                : former.SelectMany(c => c.Filters).FirstOrDefault(f => f.Resource == filter.Resource && f.Filter is not null);
            if (ready is null && !known.Absent.Contains(filter.Resource) && !known.Rejected.ContainsKey(filter.Resource))
            {
                return default;
            }

            filters.Add(ready ?? new(filter.Resource, null, Refuses: !filter.PassesWithout));
        }

        return filters.ToImmutable();
    }

    /// <summary>
    /// Default while one of them waits. One that does not exist, or is known to be bad, keeps nobody else waiting:
    /// without it the chain's handshakes fail.
    /// </summary>
    private static ImmutableArray<ServerCertificate> CertificatesOf(
        TlsConfig? tls, ImmutableArray<WarmChain> former, XdsTypeSnapshot known)
    {
        var certificates = ImmutableArray.CreateBuilder<ServerCertificate>();
        certificates.AddRange(tls?.Fixed ?? []);
        foreach (var name in tls?.SecretNames ?? [])
        {
            var certificate = known.Resources.TryGetValue(name, out var resource)
                ? (ServerCertificate)resource.Value!
                : former.SelectMany(c => c.Certificates).FirstOrDefault(c => c.Name == name);
            if (certificate is not null)
            {
                certificates.Add(certificate);
            }
            else if (!known.Absent.Contains(name) && !known.Rejected.ContainsKey(name))
            {
                return default;
            }
        }

        return certificates.ToImmutable();
    }
}

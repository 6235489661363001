using System.Collections.Immutable;
using System.Net;
using Weft.Proxy.Tls;

namespace Weft.Proxy.Listening;

/// <summary>An accepted listener.</summary>
/// <param name="Chains">At least one; all with TLS or none. Without TLS there is but one.</param>
internal sealed record ListenerConfig(string Name, IPEndPoint Address, ImmutableArray<ChainConfig> Chains)
{
    /// <summary>Whether it takes requests of peers.</summary>
    public bool IsInbound { get; init; }

    public bool IsSecure => Chains[0].Tls is not null;

    /// <summary>Its name in metrics.</summary>
    public string StatName { get; init; } = Name;

    /// <summary>The same for all its chains with HTTP.</summary>
    public ConnectionLimits Limits => Http.FirstOrDefault()?.Limits ?? ConnectionLimits.Default;

    /// <summary>The chains' HTTP.</summary>
    public IEnumerable<HttpConfig> Http => Chains.Select(c => c.Traffic).OfType<HttpConfig>();
}

/// <summary>What becomes of some of a listener's connections.</summary>
/// <param name="ServerNames">The names that callers ask for by SNI, in lower case; none for all others.</param>
/// <param name="Tls">Null for none.</param>
internal sealed record ChainConfig(ImmutableArray<string> ServerNames, TlsConfig? Tls, TrafficConfig Traffic)
{
    /// <summary>Tells it apart from the other chains, and finds it again in a later version of the listener.</summary>
    public string Key { get; } =
        Tls is null ? "" : $"tls {string.Join(' ', ServerNames.Order(StringComparer.Ordinal))}";
}

/// <summary>What a connection carries: HTTP, or bytes.</summary>
internal abstract record TrafficConfig;

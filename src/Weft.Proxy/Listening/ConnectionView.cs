using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Stats;
using Weft.Proxy.Tcp;
using Weft.Proxy.Tls;

namespace Weft.Proxy.Listening;

/// <summary>What a listener's connections see. Replaced as a whole; connections that are open stay open.</summary>
internal sealed record ConnectionView(
    ListenerConfig Config, ImmutableArray<ChainView> Chains, ListenerStats Stats)
{
    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    private readonly FrozenDictionary<string, ChainView> _byName = Chains
        .SelectMany(c => c.Config.ServerNames.Select(n => KeyValuePair.Create(n, c)))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly ChainView? _others = Chains.FirstOrDefault(c => c.Config.ServerNames.IsEmpty);

    /// <summary>How the first bytes of a connection are to be read.</summary>
    public ConnectionKind Kind => Config.IsSecure ? ConnectionKind.Secure
        : Chains[0].Tcp is null ? ConnectionKind.Cleartext
        : ConnectionKind.Bytes;

    /// <summary>The chain of that key; null where this version of the listener has none.</summary>
    public ChainView? Find(string key) => Chains.FirstOrDefault(c => c.Config.Key == key);

    /// <summary>
    /// The chain for a name that a caller asks for by SNI, as Envoy chooses: the name itself, then the longest
    /// wildcard, then the chain without names; null where there is none.
    /// </summary>
    /// <param name="serverName">Empty where the caller names none.</param>
    public ChainView? ChainOf(string serverName)
    {
        if (_byName.TryGetValue(serverName, out var chain))
        {
            return chain;
        }

        for (var dot = serverName.IndexOf('.'); dot >= 0; dot = serverName.IndexOf('.', dot + 1))
        {
            if (_byName.TryGetValue($"*{serverName[dot..]}", out chain))
            {
                return chain;
            }
        }

        return _others;
    }

    /// <summary>A name as it stands in certificates: .NET reads <c>xn--</c> names into Unicode.</summary>
    public static string Ascii(string serverName)
    {
        try
        {
            return System.Text.Ascii.IsValid(serverName) ? serverName : Idn.GetAscii(serverName);
        }
        catch (ArgumentException)
        {
            // No name of a host: the caller gets what is for all others.
            return "";
        }
    }
}

/// <summary>
/// What the connections of one filter chain see: either of <paramref name="Http"/> and <paramref name="Tcp"/>.
/// </summary>
/// <param name="Certificates">None where there is no TLS, or where no secret is there yet.</param>
internal sealed record ChainView(
    ChainConfig Config, ImmutableArray<ServerCertificate> Certificates, ListenerView? Http, TcpView? Tcp);

/// <summary>How a connection begins.</summary>
internal enum ConnectionKind
{
    /// <summary>With a request of HTTP/1.1 or the preface of HTTP/2.</summary>
    Cleartext,

    /// <summary>With a TLS handshake.</summary>
    Secure,

    /// <summary>With anything, by either side.</summary>
    Bytes,
}

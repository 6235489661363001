using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;

namespace Weft.Proxy.Tls;

/// <summary>How connections are made secure.</summary>
/// <param name="Fixed">The certificates that stand in the listener.</param>
/// <param name="SecretNames">The SDS resources that hold the others.</param>
/// <param name="Applications">What is spoken within, the preferred one first.</param>
internal sealed record TlsConfig(
    ImmutableArray<ServerCertificate> Fixed,
    ImmutableArray<string> SecretNames,
    ImmutableArray<SslApplicationProtocol> Applications,
    SslProtocols Versions);

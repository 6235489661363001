using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>Where requests enter the mesh.</summary>
/// <param name="Address">The IP address that it binds.</param>
/// <param name="Ports">In order of their numbers.</param>
public sealed record Gateway(ObjectName Name, string Address, ImmutableArray<GatewayPort> Ports)
{
    /// <summary>The plugins in its proxy, in the order in which requests pass them.</summary>
    public ImmutableArray<PluginUse> Plugins { get; init; } = [];
}

/// <summary>A port of a gateway. All its listeners speak the same protocol.</summary>
/// <param name="Listeners">No two are for the same host.</param>
public sealed record GatewayPort(int Port, ListenerProtocol Protocol, ImmutableArray<GatewayListener> Listeners);

/// <summary>A listener of a gateway.</summary>
/// <param name="Host"><c>*</c>, or a host, perhaps with <c>*</c> as its first label.</param>
/// <param name="Certificates">At least one where TLS ends here, else none.</param>
/// <param name="Hosts">
/// What requests for each host meet, no two of a port the same; a request belongs to the narrowest that fits.
/// </param>
public sealed record GatewayListener(
    string Name, string Host, ImmutableArray<Certificate> Certificates, ImmutableArray<GatewayHost> Hosts);

/// <summary>A host and the routes for it, in the order in which they are tried; where none fits, the answer is 404.</summary>
public sealed record GatewayHost(string Host, ImmutableArray<Route> Routes);

/// <summary>A certificate chain and its key.</summary>
/// <param name="Name">Distinguishes it within the mesh.</param>
/// <param name="Pem">The contents; null where files on the gateway's machine hold them.</param>
public sealed record Certificate(string Name, CertificatePem? Pem, string? CertificateFile, string? KeyFile);

/// <summary>The contents of a certificate and its key.</summary>
public sealed record CertificatePem(ImmutableArray<byte> Chain, ImmutableArray<byte> Key);

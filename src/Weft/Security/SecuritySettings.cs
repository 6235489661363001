using System.Net;
using Weft.Commands;

namespace Weft.Security;

/// <summary>The files by which a control plane proves itself and knows its clients.</summary>
/// <param name="TlsCert">PEM: its certificate, then those that lead to its authority; null for no TLS.</param>
/// <param name="TlsKey">PEM: its private key.</param>
/// <param name="ClientCa">PEM: the authorities of clients' certificates; null where none are asked for.</param>
/// <param name="TokenFile">Who may be what, by token: <see cref="GrantTable"/>; null for no tokens.</param>
internal sealed record SecuritySettings(string? TlsCert, string? TlsKey, string? ClientCa, string? TokenFile)
{
    public static SecuritySettings None { get; } = new(null, null, null, null);

    public bool HasTls => TlsCert is not null;

    /// <summary>Whether clients must show something.</summary>
    public bool Authenticates => ClientCa is not null || TokenFile is not null;

    /// <exception cref="UsageException">The options do not fit each other, or the addresses.</exception>
    public void Check(IPEndPoint xds, IPEndPoint admin)
    {
        if (TlsCert is null != TlsKey is null)
        {
            throw new UsageException("--tls-cert and --tls-key belong together: say both, or neither.");
        }

        if (ClientCa is not null && !HasTls)
        {
            throw new UsageException(
                "--client-ca asks clients for certificates, which only TLS can: add --tls-cert and --tls-key.");
        }

        foreach (var (name, address) in new[] { ("--xds", xds), ("--admin", admin) })
        {
            // Whoever reaches a listener may read the mesh's configuration, and be any node of it.
            if (!IPAddress.IsLoopback(address.Address) && !(HasTls && Authenticates))
            {
                throw new UsageException(
                    $"{name} {address} is not on loopback, where everybody could read the mesh: add --tls-cert and --tls-key, "
                    + "and --client-ca or --token-file so that clients must show who they are, or use "
                    + $"{new IPEndPoint(IPAddress.Loopback, address.Port)}.");
            }
        }
    }
}

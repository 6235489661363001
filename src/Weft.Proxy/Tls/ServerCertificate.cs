using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Proxy.Tls;

/// <summary>A certificate with its key, ready for handshakes.</summary>
internal sealed class ServerCertificate
{
    private readonly X509Certificate2 _leaf;

    private ServerCertificate(string name, X509Certificate2 leaf, SslStreamCertificateContext context)
    {
        Name = name;
        _leaf = leaf;
        Context = context;
    }

    /// <summary>The secret's name; empty where the certificate stands in a listener.</summary>
    public string Name { get; }

    /// <summary>With the chain as it came; nothing is looked up.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Whether the certificate says that it is for <paramref name="host"/>.</summary>
    public bool IsFor(string host) => host.Length > 0 && _leaf.MatchesHostname(host);

    /// <param name="chain">PEM: the certificate, then those that lead to its authority.</param>
    /// <param name="key">PEM: the private key.</param>
    /// <param name="error">Why there is none.</param>
    public static ServerCertificate? Read(string name, string chain, string key, out string? error)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(chain);
            if (certificates.Count == 0)
            {
                error = "certificate_chain holds no certificate in PEM";
                return null;
            }

            var leaf = X509Certificate2.CreateFromPem(chain, key);
            certificates.RemoveAt(0);
            error = null;
            return new(name, leaf, SslStreamCertificateContext.Create(leaf, certificates, offline: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            error = $"certificate_chain and private_key are no pair that can be used: {e.Message}";
            return null;
        }
    }
}

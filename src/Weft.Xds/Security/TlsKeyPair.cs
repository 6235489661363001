using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Xds;

/// <summary>A certificate with its private key and those that lead to its authority, ready for handshakes.</summary>
public sealed class TlsKeyPair
{
    private TlsKeyPair(X509Certificate2 leaf, SslStreamCertificateContext context) => (Leaf, Context) = (leaf, context);

    /// <summary>The certificate itself.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>For handshakes of either side; nothing is looked up.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Reads a pair.</summary>
    /// <param name="chain">PEM: the certificate, then those that lead to its authority.</param>
    /// <param name="key">PEM: the private key.</param>
    /// <param name="error">Why there is none; null where there is one.</param>
    public static TlsKeyPair? Read(string chain, string key, out string? error)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(chain);
            if (certificates.Count == 0)
            {
                error = "it holds no certificate in PEM";
                return null;
            }

            var leaf = X509Certificate2.CreateFromPem(chain, key);
            certificates.RemoveAt(0);
            error = null;
            return new(leaf, SslStreamCertificateContext.Create(leaf, certificates, offline: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            error = $"certificate and key are no pair that can be used: {e.Message}";
            return null;
        }
    }
}

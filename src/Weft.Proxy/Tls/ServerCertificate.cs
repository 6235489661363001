using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Proxy.Tls;

/// <summary>
/// A certificate with its key, ready for handshakes. Where one of them stands in a file, a new pair there is the one
/// for new handshakes, once <see cref="TryRenew"/> has looked.
/// </summary>
internal sealed class ServerCertificate
{
    private readonly PemText _chain;
    private readonly PemText _key;
    private (string Chain, string Key) _seen;
    private volatile Pair _pair;

    private ServerCertificate(string name, PemText chain, PemText key, (string Chain, string Key) seen, Pair pair)
    {
        Name = name;
        _chain = chain;
        _key = key;
        _seen = seen;
        _pair = pair;
    }

    /// <summary>The secret's name; empty where the certificate stands in a listener.</summary>
    public string Name { get; }

    /// <summary>With the chain as it came; nothing is looked up.</summary>
    public SslStreamCertificateContext Context => _pair.Context;

    /// <summary>Whether it may change by itself.</summary>
    public bool IsInFiles => _chain.Path is not null || _key.Path is not null;

    /// <summary>What to call it in a log.</summary>
    public string Place => _chain.Path ?? _key.Path ?? Name;

    /// <summary>Whether the certificate says that it is for <paramref name="host"/>.</summary>
    public bool IsFor(string host) => host.Length > 0 && _pair.Leaf.MatchesHostname(host);

    /// <param name="chain">PEM: the certificate, then those that lead to its authority.</param>
    /// <param name="key">PEM: the private key.</param>
    /// <param name="error">Why there is none.</param>
    public static ServerCertificate? Read(string name, PemText chain, PemText key, out string? error)
    {
        if ((chain.TryRead(out var certificates, out error) && key.TryRead(out var secret, out error))
            && Pair.Read(certificates, secret, out error) is { } pair)
        {
            return new(name, chain, key, (certificates, secret), pair);
        }

        return null;
    }

    /// <summary>Looks into the files; true where a new pair is in use from now on. For one thread at a time.</summary>
    /// <param name="error">Why what is new there is not used, told once; the former pair stays in use.</param>
    public bool TryRenew(out string? error)
    {
        if (!_chain.TryRead(out var chain, out error) || !_key.TryRead(out var key, out error))
        {
            // Files that are gone are told once, too.
            var isNew = _seen != default;
            _seen = default;
            error = isNew ? error : null;
            return false;
        }

        if (_seen == (chain, key))
        {
            return false;
        }

        _seen = (chain, key);
        if (Pair.Read(chain, key, out error) is not { } pair)
        {
            return false;
        }

        // Handshakes under way still use the former, so that nothing of it is disposed of here.
        _pair = pair;
        return true;
    }

    private sealed record Pair(X509Certificate2 Leaf, SslStreamCertificateContext Context)
    {
        public static Pair? Read(string chain, string key, out string? error)
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
                return new(leaf, SslStreamCertificateContext.Create(leaf, certificates, offline: true));
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                error = $"certificate_chain and private_key are no pair that can be used: {e.Message}";
                return null;
            }
        }
    }
}

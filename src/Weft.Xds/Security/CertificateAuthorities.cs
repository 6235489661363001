using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Xds;

/// <summary>
/// The authorities whose certificates are believed, and none beside them: the machine's own list does not count.
/// </summary>
public sealed class CertificateAuthorities
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2Collection _roots;
    private readonly X509Certificate2Collection _intermediates;

    private CertificateAuthorities(X509Certificate2Collection roots, X509Certificate2Collection intermediates) =>
        (_roots, _intermediates) = (roots, intermediates);

    /// <summary>Reads authorities.</summary>
    /// <param name="pem">PEM: at least one certificate signed by itself; others help to reach it.</param>
    /// <param name="error">Why there are none; null where there are.</param>
    public static CertificateAuthorities? Read(string pem, out string? error)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(pem);
            var (roots, others) = (new X509Certificate2Collection(), new X509Certificate2Collection());
            foreach (var certificate in all)
            {
                (IsRoot(certificate) ? roots : others).Add(certificate);
            }

            error = all.Count == 0 ? "it holds no certificate in PEM"
                : roots.Count == 0 ? "it holds no root, a certificate signed by itself"
                : null;
            return error is null ? new(roots, others) : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            error = $"it cannot be read: {e.Message}";
            return null;
        }
    }

    /// <summary>Why a client's certificate is not believed at a time; null where it is.</summary>
    /// <param name="intermediates">What the client showed beside it.</param>
    public string? Refusal(X509Certificate2 certificate, IEnumerable<X509Certificate2> intermediates, DateTimeOffset now)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(intermediates) };
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        try
        {
            return chain.Build(certificate) ? null : string.Join("; ", chain.ChainStatus.Select(Words).Distinct());
        }
        catch (CryptographicException e)
        {
            return e.Message;
        }
    }

    /// <summary>How the certificate of a server is to be checked.</summary>
    public X509ChainPolicy ServerPolicy() => Policy([]);

    private X509ChainPolicy Policy(IEnumerable<X509Certificate2> intermediates)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // Certificates of a mesh live shortly instead of being revoked, and a handshake must not call third parties.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_roots);
        policy.ExtraStore.AddRange(_intermediates);
        policy.ExtraStore.AddRange(intermediates.ToArray());
        return policy;
    }

    private static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static string Words(X509ChainStatus status) => status.Status switch
    {
        X509ChainStatusFlags.NotTimeValid => "it, or one above it, has expired or is not valid yet",
        X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot => "no authority of ours has signed it",
        X509ChainStatusFlags.NotValidForUsage => "it is not for clients (extended key usage)",
        _ => status.StatusInformation.Trim(),
    };
}

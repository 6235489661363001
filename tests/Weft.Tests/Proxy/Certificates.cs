using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Tests.Proxy;

/// <summary>Certificates of the tests' own making.</summary>
internal static class Certificates
{
    /// <summary>Signed by itself; small, so that it is quickly made.</summary>
    public static X509Certificate2 For(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Testing;

/// <summary>An authority of a test's own, which signs the certificates of servers and clients.</summary>
public sealed class Authority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    /// <param name="name">Its name; two authorities of one name are two all the same.</param>
    public Authority(string name = "test authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>The authority's certificate in PEM.</summary>
    public string Pem => _root.ExportCertificatePem() + "\n";

    /// <summary>A certificate of a server on loopback, as PEM of it and of its key.</summary>
    /// <param name="name">What tells it from another.</param>
    public (string Certificate, string Key) Server(string name = "server") => Issue(
        name, ServerAuthentication, names => names.AddIpAddress(IPAddress.Loopback), DateTimeOffset.UtcNow.AddDays(1));

    /// <summary>A certificate of a client with this identity, as PEM of it and of its key.</summary>
    /// <param name="id">A URI, such as <c>spiffe://mesh/ns/shop/sa/client</c>; null for none.</param>
    /// <param name="notAfter">When it expires; by default in a day.</param>
    public (string Certificate, string Key) Client(string? id, DateTimeOffset? notAfter = null) => Issue(
        "client", ClientAuthentication, names => Add(names, id), notAfter ?? DateTimeOffset.UtcNow.AddDays(1));

    /// <summary>Writes <c>NAME.crt</c> and <c>NAME.key</c>.</summary>
    public static void Write(TempFolder folder, string name, (string Certificate, string Key) pair)
    {
        // A pair is two files; whoever looks between the two finds one that does not fit, as with a real renewal.
        folder.Write($"{name}.crt", pair.Certificate);
        folder.Write($"{name}.key", pair.Key);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }

    private static void Add(SubjectAlternativeNameBuilder names, string? id)
    {
        if (id is null)
        {
            names.AddDnsName("client");
        }
        else
        {
            names.AddUri(new Uri(id));
        }
    }

    private (string Certificate, string Key) Issue(
        string name, string usage, Action<SubjectAlternativeNameBuilder> add, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        add(names);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        using var certificate = request.Create(
            _root, DateTimeOffset.UtcNow.AddDays(-1), notAfter, RandomNumberGenerator.GetBytes(16));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}

using System.Collections.Frozen;
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Weft.Proxy.Tls;
using SpecifierCase = Envoy.Config.Core.V3.DataSource.SpecifierOneofCase;

namespace Weft.Proxy.Config;

/// <summary>SDS: a certificate with its key.</summary>
internal static class SecretDecoding
{
    private static readonly FrozenSet<string> SecretFields = FrozenSet.Create("name", "tls_certificate");

    // All files are watched, wherever they are.
    private static readonly FrozenSet<string> CertificateFields =
        FrozenSet.Create("certificate_chain", "private_key", "watched_directory");

    public static ServerCertificate? Decode(Secret message, Refusals refusals)
    {
        refusals.AddUnknown(message, "secret", SecretFields);
        if (message.TlsCertificate is { } certificate)
        {
            return Certificate(certificate, message.Name, "tls_certificate", refusals);
        }

        refusals.Add("secret", "it holds no tls_certificate");
        return null;
    }

    /// <param name="name">The secret's name; empty where it is in none.</param>
    public static ServerCertificate? Certificate(TlsCertificate message, string name, string where, Refusals refusals)
    {
        refusals.AddUnknown(message, where, CertificateFields);
        var chain = Text(message.CertificateChain, $"{where} certificate_chain", refusals);
        var key = Text(message.PrivateKey, $"{where} private_key", refusals);
        if (chain is null || key is null)
        {
            return null;
        }

        var certificate = ServerCertificate.Read(name, chain, key, out var error);
        if (error is not null)
        {
            refusals.Add(where, error);
        }

        return certificate;
    }

    private static PemText? Text(DataSource? source, string where, Refusals refusals)
    {
        switch (source?.SpecifierCase)
        {
            case SpecifierCase.InlineString:
                return new(null, source.InlineString);
            case SpecifierCase.InlineBytes:
                return new(null, source.InlineBytes.ToStringUtf8());
            case SpecifierCase.Filename:
                return File(source.Filename, where, refusals);
            default:
                refusals.Add(where, "it must be inline_string, inline_bytes or filename");
                return null;
        }
    }

    private static PemText? File(string path, string where, Refusals refusals)
    {
        var text = new PemText(path, "");
        if (text.TryRead(out _, out var error))
        {
            return text;
        }

        refusals.Add(where, error);
        return null;
    }
}

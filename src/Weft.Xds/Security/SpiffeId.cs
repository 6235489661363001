using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Xds;

/// <summary>
/// The identity of a workload in a certificate: <c>spiffe://TRUST/ns/NAMESPACE/sa/NAME</c>, as Istio writes it.
/// </summary>
/// <param name="TrustDomain">Who names.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Account">Its service account.</param>
public sealed record SpiffeId(string TrustDomain, string Namespace, string Account)
{
    // "SPIFFE implementations MUST support SPIFFE URIs up to 2048 bytes in length and MUST NOT generate longer ones"
    // (SPIFFE-ID, section 2.3).
    private const int LongestUri = 2048;
    private const string AlternativeNames = "2.5.29.17";

    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <summary>The identity that a certificate carries.</summary>
    /// <param name="error">Why it carries none; null where it does.</param>
    public static SpiffeId? Of(X509Certificate2 certificate, out string? error)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            // "An X.509 SVID MUST contain exactly one URI SAN" (X509-SVID, section 2).
            var uris = UrisOf(certificate);
            error = uris.Count == 1
                ? null
                : $"its certificate has {uris.Count} URIs as alternative names; it must have one";
            return error is null ? Parse(uris[0], out error) : null;
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            error = "the alternative names of its certificate cannot be read";
            return null;
        }
    }

    /// <summary>Reads an identity from its text.</summary>
    /// <param name="error">Why it is none; null where it is one.</param>
    public static SpiffeId? Parse(string text, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        error = null;
        if (text.Length <= LongestUri && text.Split('/') is ["spiffe:", "", var trust, "ns", var space, "sa", var account]
            && IsSegment(trust) && IsSegment(space) && IsSegment(account))
        {
            return new(trust, space, account);
        }

        error = $"'{(text.Length > LongestUri ? "…" : text)}' is not of the form spiffe://TRUST/ns/NAMESPACE/sa/NAME";
        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"spiffe://{TrustDomain}/ns/{Namespace}/sa/{Account}";

    // "A path segment … MUST contain only letters, numbers, dots, dashes, and underscores", and no relative ones.
    private static bool IsSegment(string text) => text is not ("" or "." or "..")
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static List<string> UrisOf(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == AlternativeNames))
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(Uri))
                {
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }

        return uris;
    }
}

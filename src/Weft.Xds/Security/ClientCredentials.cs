using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Weft.Xds;

/// <summary>
/// What a caller shows of itself: nothing, a certificate, a bearer token, or both. Nothing here is believed yet.
/// </summary>
/// <param name="Certificate">The certificate of its TLS connection; null where it showed none.</param>
/// <param name="Intermediates">What it showed beside it, to lead to an authority.</param>
/// <param name="Token">The token of <c>authorization: Bearer TOKEN</c>; null where it sent none.</param>
public sealed record ClientCredentials(
    X509Certificate2? Certificate, ImmutableArray<X509Certificate2> Intermediates, string? Token)
{
    private const string Bearer = "Bearer ";

    /// <summary>No credentials.</summary>
    public static ClientCredentials None { get; } = new(null, [], null);

    /// <summary>The credentials of a request, with what <see cref="ShownCertificates"/> kept of its connection.</summary>
    public static ClientCredentials Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var shown = context.Features.Get<ShownCertificates>();
        return new(
            shown is null ? context.Connection.ClientCertificate : shown.Leaf, shown?.Intermediates ?? [], TokenOf(context));
    }

    // Two headers, or one of another scheme, are no token: which of two would count must not be a matter of chance.
    private static string? TokenOf(HttpContext context) =>
        context.Request.Headers.Authorization is [{ } header]
        && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim()
            : null;

    /// <summary>Never the token: a record's own text would show it wherever it is logged.</summary>
    public override string ToString() =>
        $"certificate {Certificate?.Subject ?? "none"}, token {(Token is null ? "none" : "given")}";
}

/// <summary>
/// The certificates that a caller showed in a TLS handshake: a feature of its connection. Copies, which outlive the
/// connection, so that whoever judges them later does not depend on when it closes.
/// </summary>
public sealed class ShownCertificates
{
    /// <summary>The caller's own.</summary>
    public X509Certificate2? Leaf { get; private set; }

    /// <summary>The others, in no certain order.</summary>
    public ImmutableArray<X509Certificate2> Intermediates { get; private set; } = [];

    /// <summary>Takes copies; to be called from the handshake's validation callback.</summary>
    public void Keep(X509Certificate leaf, X509Chain? chain)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        Leaf = X509CertificateLoader.LoadCertificate(leaf.GetRawCertData());
        Intermediates = chain is null
            ? []
            : [.. chain.ChainPolicy.ExtraStore.Select(c => X509CertificateLoader.LoadCertificate(c.RawData))];
    }
}

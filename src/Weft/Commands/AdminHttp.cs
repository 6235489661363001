using System.Net.Http.Headers;
using System.Net.Security;
using Weft.Xds;

namespace Weft.Commands;

/// <summary>Connections to a control plane's admin listener, with the credentials that the environment names.</summary>
internal static class AdminHttp
{
    public const string CaVariable = "WEFT_CA_FILE";
    public const string CertificateVariable = "WEFT_CERTIFICATE_FILE";
    public const string KeyVariable = "WEFT_KEY_FILE";
    public const string TokenVariable = "WEFT_TOKEN_FILE";

    /// <exception cref="UsageException">What the environment names cannot be used.</exception>
    public static HttpClient To(Uri server, TimeSpan patience)
    {
        var isSecure = server.Scheme == Uri.UriSchemeHttps;
        var http = new HttpClient(new SocketsHttpHandler { SslOptions = isSecure ? Options() : new() })
        {
            BaseAddress = server,
            Timeout = patience,
        };
        // A token that goes over a network in the clear is one that others may have.
        if ((isSecure || server.IsLoopback) && Text(TokenVariable)?.Trim() is { Length: > 0 } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return http;
    }

    private static SslClientAuthenticationOptions Options()
    {
        string? wrong = null;
        var authorities = Text(CaVariable) is { } ca ? CertificateAuthorities.Read(ca, out wrong) : null;
        if (wrong is not null)
        {
            throw new UsageException($"${CaVariable}: {wrong}.");
        }

        var pair = Text(CertificateVariable) is { } chain ? TlsKeyPair.Read(chain, Text(KeyVariable) ?? chain, out wrong) : null;
        return wrong is null
            ? new() { CertificateChainPolicy = authorities?.ServerPolicy(), ClientCertificateContext = pair?.Context }
            : throw new UsageException($"${CertificateVariable}, ${KeyVariable}: {wrong}");
    }

    private static string? Text(string variable)
    {
        try
        {
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"${variable}: {e.Message}");
        }
    }
}

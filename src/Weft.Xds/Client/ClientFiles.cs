using System.Text;

namespace Weft.Xds.Client;

/// <summary>What the files of <see cref="XdsClientCredentials"/> hold at a time.</summary>
internal sealed record ClientFiles(
    CertificateAuthorities? Authorities, TlsKeyPair? Pair, string? Token, (string Ca, string Chain, string Key) Texts)
{
    private const int LargestFile = 1024 * 1024;

    /// <param name="error">Why they cannot be used: names the file.</param>
    public static ClientFiles? Read(XdsClientCredentials credentials, out string? error)
    {
        error = null;
        var ca = Text(credentials.AuthorityFile, ref error);
        var chain = Text(credentials.CertificateFile, ref error);
        var key = Text(credentials.KeyFile, ref error);
        var token = Text(credentials.TokenFile, ref error)?.Trim();
        if (error is not null)
        {
            return null;
        }

        var authorities = ca is null ? null : CertificateAuthorities.Read(ca, out error);
        if (error is not null)
        {
            error = $"{credentials.AuthorityFile}: {error}";
            return null;
        }

        var pair = chain is null ? null : TlsKeyPair.Read(chain, key ?? chain, out error);
        if (error is not null)
        {
            error = $"{credentials.CertificateFile}: {error}";
            return null;
        }

        if (token is not null && (token.Length == 0 || !token.All(c => c is > ' ' and < '\x7f')))
        {
            error = $"{credentials.TokenFile}: it must hold one token, without blanks";
            return null;
        }

        return new(authorities, pair, token, (ca ?? "", chain ?? "", key ?? ""));
    }

    /// <summary>Whether a connection of the one is good for the other; a token goes with each stream.</summary>
    public bool IsSameChannel(ClientFiles? other) => other?.Texts == Texts;

    /// <summary>Neither token nor key.</summary>
    public override string ToString() => "the client's credentials";

    private static string? Text(string? path, ref string? error)
    {
        if (path is null || error is not null)
        {
            return null;
        }

        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[LargestFile];
            var length = file.ReadAtLeast(bytes, LargestFile, throwOnEndOfStream: false);
            if (length < LargestFile)
            {
                return Encoding.UTF8.GetString(bytes, 0, length);
            }

            error = $"{path} is larger than {LargestFile} bytes";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = $"{path} cannot be read: {e.Message}";
        }

        return null;
    }
}

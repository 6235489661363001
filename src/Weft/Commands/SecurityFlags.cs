using System.CommandLine;
using System.Net;
using Weft.Security;
using Weft.Xds.Client;

namespace Weft.Commands;

/// <summary>The options of <c>weft run</c> that secure its listeners.</summary>
internal sealed class ServerSecurityFlags
{
    private readonly Option<string?> _cert = File(
        "--tls-cert", "The certificate of the listeners, PEM, with those that lead to its authority; watched.");

    private readonly Option<string?> _key = File("--tls-key", "Its private key, PEM; watched.");
    private readonly Option<string?> _ca = File(
        "--client-ca", "The authorities that clients' certificates must be of, PEM; watched.");

    private readonly Option<string?> _tokens = File(
        "--token-file", "Who may be which node, a line 'TOKEN: NODE, NODE' for each; watched.");

    public void AddTo(Command command)
    {
        foreach (var option in new[] { _cert, _key, _ca, _tokens })
        {
            command.Options.Add(option);
        }
    }

    public SecuritySettings Read(ParseResult parsed) =>
        new(parsed.GetValue(_cert), parsed.GetValue(_key), parsed.GetValue(_ca), parsed.GetValue(_tokens));

    internal static Option<string?> File(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE" };
}

/// <summary>The options by which a client of the control plane proves itself.</summary>
internal sealed class ClientSecurityFlags
{
    private readonly Option<string?> _ca = ServerSecurityFlags.File(
        "--xds-ca", "Connect by TLS, to a control plane whose certificate is of these authorities, PEM.");

    private readonly Option<string?> _cert = ServerSecurityFlags.File("--tls-cert", "The certificate to show it, PEM.");
    private readonly Option<string?> _key = ServerSecurityFlags.File("--tls-key", "The private key of that, PEM.");
    private readonly Option<string?>? _token;

    /// <param name="withToken">Whether a token can be sent, too.</param>
    public ClientSecurityFlags(bool withToken)
    {
        _token = withToken ? ServerSecurityFlags.File("--token-file", "A file with the token to send it.") : null;
    }

    public void AddTo(Command command)
    {
        foreach (var option in new[] { _ca, _cert, _key, _token }.OfType<Option<string?>>())
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="UsageException">The options do not fit each other, or the address.</exception>
    public XdsClientCredentials Read(ParseResult parsed, IPEndPoint xds)
    {
        var credentials = new XdsClientCredentials
        {
            AuthorityFile = Full(parsed.GetValue(_ca)),
            CertificateFile = Full(parsed.GetValue(_cert)),
            KeyFile = Full(parsed.GetValue(_key)),
            TokenFile = _token is null ? null : Full(parsed.GetValue(_token)),
        };
        if (credentials.CertificateFile is null != credentials.KeyFile is null)
        {
            throw new UsageException("--tls-cert and --tls-key belong together: say both, or neither.");
        }

        if (credentials is { CertificateFile: not null, AuthorityFile: null })
        {
            throw new UsageException("--tls-cert is for TLS: say with --xds-ca whose certificate the control plane has.");
        }

        return credentials.AuthorityFile is not null || IPAddress.IsLoopback(xds.Address)
            ? credentials
            : throw new UsageException(
                $"--xds {xds} is not on loopback, where others could read and change what is sent: say with --xds-ca whose "
                + "certificate the control plane has.");
    }

    // What reads it may stand in another folder.
    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}

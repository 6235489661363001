using System.Collections.Immutable;
using Weft.Commands;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Security;

/// <summary>What is in force of <see cref="SecuritySettings"/>; what is not asked for is null.</summary>
internal sealed record Credentials(TlsKeyPair? Pair, CertificateAuthorities? Authorities, GrantTable? Grants);

/// <summary>
/// Keeps the credentials as their files are: looks each second. What is bad is told, and the last good one stays.
/// </summary>
internal sealed partial class CredentialWatch
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly WatchedFiles<TlsKeyPair>? _pair;
    private readonly WatchedFiles<CertificateAuthorities>? _authorities;
    private readonly WatchedFiles<GrantTable>? _grants;

    private CredentialWatch(SecuritySettings settings, TimeProvider time)
    {
        _time = time;
        _pair = settings is { TlsCert: { } chain, TlsKey: { } key }
            ? new([chain, key], (texts, errors) => Pair(chain, texts, errors))
            : null;
        _authorities = settings.ClientCa is { } ca
            ? new([ca], (texts, errors) => Authorities(ca, texts[0], errors))
            : null;
        _grants = settings.TokenFile is { } file
            ? new([file], (texts, errors) => GrantTable.Read(file, texts[0], errors))
            : null;
    }

    /// <summary>What is in force.</summary>
    public Latest<Credentials> InForce { get; } = new(new(null, null, null));

    /// <summary>Reads all files for the first time.</summary>
    /// <exception cref="CommandException">One of them is bad: there is no last good one yet.</exception>
    public static CredentialWatch Open(SecuritySettings settings, TimeProvider time)
    {
        var watch = new CredentialWatch(settings, time);
        var errors = watch.Look();
        return errors.IsEmpty ? watch : throw new CommandException(string.Join('\n', errors));
    }

    /// <summary>Looks at the files until it is cancelled.</summary>
    public async Task RunAsync(ILogger<CredentialWatch> logger, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(Period, _time, cancellation);
            var before = InForce.Value;
            foreach (var error in Look())
            {
                Log.Bad(logger, error);
            }

            if (InForce.Value != before)
            {
                Log.Renewed(logger);
            }
        }
    }

    /// <summary>Looks at the files once; what is new and good is in force afterwards.</summary>
    internal ImmutableArray<Diagnostic> Look()
    {
        var errors = ImmutableArray.CreateBuilder<Diagnostic>();
        // Each of them is looked at, whatever the others have.
        var changed = (_pair?.Look(errors) ?? false)
            | (_authorities?.Look(errors) ?? false)
            | (_grants?.Look(errors) ?? false);
        if (changed)
        {
            InForce.Set(new(_pair?.Value, _authorities?.Value, _grants?.Value));
        }

        return errors.ToImmutable();
    }

    private static TlsKeyPair? Pair(string path, ImmutableArray<string> texts, ImmutableArray<Diagnostic>.Builder errors)
    {
        var pair = TlsKeyPair.Read(texts[0], texts[1], out var error);
        if (error is not null)
        {
            errors.Add(Diagnostic.Error(
                "WEFT5002", new(path), $"The certificate of the server: {error}",
                "put a certificate in PEM and its key into the two files; half a renewal corrects itself"));
        }

        return pair;
    }

    private static CertificateAuthorities? Authorities(string path, string text, ImmutableArray<Diagnostic>.Builder errors)
    {
        var authorities = CertificateAuthorities.Read(text, out var error);
        if (error is not null)
        {
            errors.Add(Diagnostic.Error(
                "WEFT5003", new(path), $"The authorities of clients: {error}.",
                "put the certificate of the root that signs clients into it, in PEM"));
        }

        return authorities;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Diagnostic}")]
        public static partial void Bad(ILogger logger, Diagnostic diagnostic);

        [LoggerMessage(Level = LogLevel.Information, Message = "New credentials are in force: of the server, or of its clients")]
        public static partial void Renewed(ILogger logger);
    }
}

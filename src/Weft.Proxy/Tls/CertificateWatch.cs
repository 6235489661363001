using Microsoft.Extensions.Logging;
using Weft.Flow;

namespace Weft.Proxy.Tls;

/// <summary>
/// Looks every two seconds into the files of the certificates in use. The files are read, not only looked at: they are
/// small, and a mounted secret changes behind links that themselves stay as they are.
/// </summary>
internal sealed class CertificateWatch(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>Those in use that stand in files.</summary>
    public Latest<IReadOnlyList<ServerCertificate>> InUse { get; } = new([]);

    /// <summary>Runs until <paramref name="cancellation"/>; then ends without an error.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var watched = InUse.Current;
            var next = watched.Value.Count == 0 ? watched.Replaced : Task.Delay(Period, time, cancellation);
            await next.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var certificate in InUse.Value)
            {
                Renew(certificate);
            }
        }
    }

    private void Renew(ServerCertificate certificate)
    {
        if (certificate.TryRenew(out var error))
        {
            CertificateLog.Renewed(logger, certificate.Place);
        }
        else if (error is not null)
        {
            CertificateLog.Kept(logger, certificate.Place, error);
        }
    }
}

using System.Net;

namespace Weft.Proxy.Upstream;

/// <summary>No connection came about, so nothing was sent.</summary>
internal sealed class UpstreamConnectException(IPEndPoint address, Exception inner)
    : IOException($"cannot connect to {address}: {inner.Message}", inner)
{
    /// <summary>Whether <paramref name="exception"/> stems from a failed connect.</summary>
    public static bool IsIn(Exception? exception)
    {
        while (exception is not null and not UpstreamConnectException)
        {
            exception = exception.InnerException;
        }

        return exception is not null;
    }
}

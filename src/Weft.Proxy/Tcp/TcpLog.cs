using Microsoft.Extensions.Logging;

namespace Weft.Proxy.Tcp;

internal static partial class TcpLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection to cluster {Cluster} did not come about: {Error}.")]
    public static partial void NotConnected(ILogger logger, string cluster, string error);

    [LoggerMessage(Level = LogLevel.Error,
    Message = "A connection of the TCP proxy {Stats} broke the proxy's own code.")]
    public static partial void Broken(ILogger logger, string stats, Exception exception);
}

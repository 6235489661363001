using Microsoft.Extensions.Logging;

namespace Weft.Proxy.Tcp;

internal static partial class TcpLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection to cluster {Cluster} did not come about: {Error}.")]
    public static partial void NotConnected(ILogger logger, string cluster, string error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection was closed: its listener passes no bytes any more.")]
    public static partial void NotBytes(ILogger logger);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection was closed: there is no cluster {Cluster}.")]
    public static partial void NoCluster(ILogger logger, string cluster);

    [LoggerMessage(Level = LogLevel.Debug,
    Message = "A connection was closed: cluster {Cluster} has as many as it may have.")]
    public static partial void Overflow(ILogger logger, string cluster);

    [LoggerMessage(Level = LogLevel.Debug,
    Message = "A connection was closed: cluster {Cluster} has no endpoint to choose.")]
    public static partial void NoEndpoint(ILogger logger, string cluster);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection of the TCP proxy {Stats} was cut: {Error}")]
    public static partial void Cut(ILogger logger, string stats, string error);

    [LoggerMessage(Level = LogLevel.Error,
    Message = "A connection of the TCP proxy {Stats} broke the proxy's own code.")]
    public static partial void Broken(ILogger logger, string stats, Exception exception);
}

using System.Net;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Weft.Proxy.Forwarding;

internal static partial class ForwardingLog
{
    [LoggerMessage(
        Level = LogLevel.Debug, Message = "Cluster {Cluster}: {Endpoint} cannot be connected to; trying {Other}.")]
    public static partial void ConnectRetried(ILogger logger, string cluster, IPEndPoint endpoint, IPEndPoint other);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A request to cluster {Cluster} failed: {Error}.")]
    public static partial void Failed(ILogger logger, string cluster, ForwarderError error, Exception? exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request to listener {Listener} failed within the proxy.")]
    public static partial void Broken(ILogger logger, string listener, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A copy of a request to cluster {Cluster} failed.")]
    public static partial void ShadowFailed(ILogger logger, string cluster, Exception exception);
}

using Microsoft.Extensions.Logging;

namespace Weft.Proxy;

internal static partial class DataPlaneLog
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Proxy {Node} is ready with {Listeners} listeners and {Clusters} clusters.")]
    public static partial void Ready(ILogger logger, string node, int listeners, int clusters);
}

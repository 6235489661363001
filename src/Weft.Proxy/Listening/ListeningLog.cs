using System.Net;
using Microsoft.Extensions.Logging;

namespace Weft.Proxy.Listening;

internal static partial class ListeningLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Listener {Name} is open on {Address}.")]
    public static partial void Opened(ILogger logger, string name, IPEndPoint address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listener {Name} on {Address} is closing.")]
    public static partial void Closed(ILogger logger, string name, IPEndPoint address);

    [LoggerMessage(Level = LogLevel.Error, Message = "Listener {Name} cannot be opened: {Error}.")]
    public static partial void Failed(ILogger logger, string name, string error);
}

using Microsoft.Extensions.Logging;

namespace Weft.Xds.Client;

internal static partial class XdsClientLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the control plane {Server}.")]
    public static partial void Connected(ILogger logger, Uri server);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The stream from the control plane {Server} ended: {Error}. Next try in {Milliseconds:0} ms.")]
    public static partial void StreamEnded(ILogger logger, Uri server, string error, double milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The credentials for the control plane are not used: {Error}.")]
    public static partial void BadCredentials(ILogger logger, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a {Type} response: {Error}")]
    public static partial void Refused(ILogger logger, string type, string error);
}

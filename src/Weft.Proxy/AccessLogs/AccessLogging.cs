using Microsoft.Extensions.Logging;

namespace Weft.Proxy.AccessLogs;

internal static partial class AccessLogging
{
    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Access log lines are lost, {Target} cannot be written: {Error}")]
    public static partial void Failed(ILogger logger, string target, string error);
}

using Microsoft.Extensions.Logging;

namespace Weft.Proxy.Citizen;

internal static partial class CitizenLog
{
    [LoggerMessage(Level = LogLevel.Critical, Message = "The proxy of {Node} failed; the application ends.")]
    public static partial void Failed(ILogger logger, string node, Exception exception);
}

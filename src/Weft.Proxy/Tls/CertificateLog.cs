using Microsoft.Extensions.Logging;

namespace Weft.Proxy.Tls;

internal static partial class CertificateLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "New handshakes show the new certificate in {Place}.")]
    public static partial void Renewed(ILogger logger, string place);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The new certificate in {Place} is not used, and the former stays: {Error}.")]
    public static partial void Kept(ILogger logger, string place, string error);
}

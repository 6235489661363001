using Microsoft.AspNetCore.Http;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Routing;
using Weft.Proxy.Upstream;
using Yarp.ReverseProxy.Forwarder;

namespace Weft.Proxy.Forwarding;

/// <summary>What became of a try, in Envoy's terms.</summary>
internal static class TryOutcome
{
    /// <summary>RFC 9113, section 7.</summary>
    private const long RefusedStream = 7;

    /// <summary>
    /// How it failed where that may be worth another try; null where it did not fail, or is over for good.
    /// </summary>
    public static ResetKind? ResetOf(Exchange exchange, ForwarderError error)
    {
        var context = exchange.Context;
        if (error is ForwarderError.None or ForwarderError.RequestBodyClient or ForwarderError.RequestTimedOut
            || exchange.Deadline is { IsOver: true }
            || context.RequestAborted.IsCancellationRequested
            || context.Response.HasStarted)
        {
            return null;
        }

        if (exchange.Deadline is { IsTryOver: true })
        {
            return ResetKind.TryTimeout;
        }

        var exception = context.GetForwarderErrorFeature()?.Exception;
        return UpstreamConnectException.IsIn(exception) ? ResetKind.ConnectFailure
            : IsRefused(exception) ? ResetKind.RefusedStream
            : ResetKind.Reset;
    }

    /// <summary>The answer for a request that got none.</summary>
    public static (int Status, string Body) Explain(Exchange exchange, ForwarderError error)
    {
        if (exchange.Deadline is { IsCallerLate: true })
        {
            return (StatusCodes.Status408RequestTimeout, LocalReply.RequestTimeout);
        }

        if (exchange.Deadline is { IsOver: true } or { IsTryOver: true })
        {
            return (StatusCodes.Status504GatewayTimeout, LocalReply.Timeout);
        }

        return error switch
        {
            ForwarderError.RequestTimedOut => (StatusCodes.Status504GatewayTimeout, LocalReply.IdleTimeout),
            ForwarderError.RequestBodyClient => (StatusCodes.Status400BadRequest, ""),
            _ when UpstreamConnectException.IsIn(exchange.Context.GetForwarderErrorFeature()?.Exception) =>
                (StatusCodes.Status503ServiceUnavailable, LocalReply.ConnectFailed),
            _ => (StatusCodes.Status503ServiceUnavailable, LocalReply.Reset),
        };
    }

    /// <summary>Why the last try failed, for logs.</summary>
    public static ResponseFlags FlagsOf(Exchange exchange, ForwarderError error) =>
        exchange.Deadline is { IsCallerLate: true } ? ResponseFlags.None
        : exchange.Deadline is { IsOver: true } or { IsTryOver: true } ? ResponseFlags.UT
        : error switch
        {
            ForwarderError.RequestTimedOut => ResponseFlags.SI,
            ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient
                or ForwarderError.ResponseBodyCanceled => ResponseFlags.DC,
            _ when UpstreamConnectException.IsIn(exchange.Context.GetForwarderErrorFeature()?.Exception) =>
                ResponseFlags.UF,
            _ => ResponseFlags.UC,
        };

    private static bool IsRefused(Exception? exception)
    {
        while (exception is not null and not HttpProtocolException { ErrorCode: RefusedStream })
        {
            exception = exception.InnerException;
        }

        return exception is not null;
    }
}

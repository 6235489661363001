using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Weft.Proxy.Forwarding;

/// <summary>A response of the proxy's own, with Envoy's texts.</summary>
internal static class LocalReply
{
    public const string NoHealthyUpstream = "no healthy upstream";
    public const string LookupFailed = "DNS resolution failure";
    public const string Timeout = "upstream request timeout";
    public const string RequestTimeout = "request timeout";
    public const string IdleTimeout = "stream timeout";

    public const string ConnectFailed =
        "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure";

    public const string Overflow =
        "upstream connect error or disconnect/reset before headers. reset reason: overflow";

    public const string Reset =
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination";

    /// <summary>
    /// What the connection was made for is gone. RFC 9110, section 15.5.20: "A client that receives a 421 response MAY
    /// retry the request … over a different connection."
    /// </summary>
    public static Task MisdirectedAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        return Task.CompletedTask;
    }

    /// <summary>Replaces whatever was prepared. Aborts the request where the response has begun.</summary>
    /// <param name="location">Where a redirect points to.</param>
    public static async Task WriteAsync(Exchange exchange, int status, string body, string? location = null)
    {
        var context = exchange.Context;
        var response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        response.Clear();
        var bytes = exchange.IsGrpc ? [] : Encoding.UTF8.GetBytes(body);
        if (exchange.IsGrpc)
        {
            // A gRPC caller looks for the status in the headers of a response without a body.
            response.ContentType = "application/grpc";
            response.Headers["grpc-status"] = GrpcStatus(status).ToString(CultureInfo.InvariantCulture);
            if (body.Length > 0)
            {
                response.Headers["grpc-message"] = Uri.EscapeDataString(body);
            }
        }
        else
        {
            response.StatusCode = status;
            if (bytes.Length > 0)
            {
                response.ContentType = "text/plain";
                response.ContentLength = bytes.Length;
            }
        }

        if (exchange.Overloaded)
        {
            response.Headers["x-envoy-overloaded"] = "true";
        }

        if (location is not null)
        {
            response.Headers.Location = location;
        }

        exchange.LocalEdits.Apply(response.Headers, exchange);
        exchange.ChangeResponse();
        await (exchange.Streams?.ShowAsync() ?? default);
        if (bytes.Length > 0 && !HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    /// <summary>gRPC's mapping of HTTP statuses.</summary>
    private static int GrpcStatus(int status) => status switch
    {
        200 => 0,
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 or 502 or 503 or 504 => 14,
        _ => 2,
    };
}

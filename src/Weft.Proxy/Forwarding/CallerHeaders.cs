using System.Globalization;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Listening;
using Weft.Proxy.Tls;

namespace Weft.Proxy.Forwarding;

/// <summary>
/// What Envoy's connection manager writes about a request before it is routed: its id, who made it, and by what scheme.
/// </summary>
internal static class CallerHeaders
{
    public static void Write(HttpContext context, HttpConfig config)
    {
        var headers = context.Request.Headers;
        // "If preserve_external_request_id is not set": the id of a request from outside is replaced at the edge.
        if (config.GenerateRequestId
            && ((config.IsEdge && !config.KeepsRequestId) || !headers.ContainsKey("x-request-id")))
        {
            headers["x-request-id"] = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
        }

        if (config.AppendForwardedFor && context.Connection.RemoteIpAddress is { } caller)
        {
            headers.Append("x-forwarded-for", caller.ToString());
        }

        // What a caller says is believed where it stands within the mesh. Its own :scheme says nothing about the
        // connection in either case.
        if (config.IsEdge || !headers.ContainsKey("x-forwarded-proto"))
        {
            headers["x-forwarded-proto"] = context.Features.Get<SecureConnection>() is null ? "http" : "https";
        }
    }
}

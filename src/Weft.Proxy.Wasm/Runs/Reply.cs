using Microsoft.AspNetCore.Http;
using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>A plugin's answer in the proxy's words.</summary>
internal static class Reply
{
    public static HttpFilterReply Of(LocalResponse answer, HttpRequest request)
    {
        var headers = HeaderCopy.All(answer.Headers).Where(h => !h.Key.StartsWith(':') && h.Key != "content-length").ToList();
        if (IsGrpc(request))
        {
            // A gRPC caller looks for the status in the headers of a response without a body.
            headers.RemoveAll(h => h.Key is "content-type" or "grpc-status" or "grpc-message");
            headers.Add(new("content-type", "application/grpc"));
            headers.Add(new("grpc-status", $"{answer.GrpcStatus ?? GrpcStatus(answer.Status)}"));
            if (!answer.Body.IsEmpty)
            {
                headers.Add(new("grpc-message", Uri.EscapeDataString(System.Text.Encoding.UTF8.GetString(answer.Body.Span))));
            }

            return new(StatusCodes.Status200OK, default, headers);
        }

        if (!answer.Body.IsEmpty && !headers.Any(h => h.Key == "content-type"))
        {
            headers.Add(new("content-type", "text/plain"));
        }

        var status = answer.Status is >= 200 and <= 599 ? answer.Status : StatusCodes.Status500InternalServerError;
        return new(status, status is 204 or 304 ? default : answer.Body, headers);
    }

    private static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.Ordinal)
        && (type.Length == "application/grpc".Length || type["application/grpc".Length] is '+' or ';');

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

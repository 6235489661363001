using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Upstream;
using Endpoint = Weft.Proxy.Upstream.Endpoint;

namespace Weft.Proxy.Tracing;

/// <summary>The spans of requests and tries, with the attributes of OpenTelemetry's conventions for HTTP.</summary>
internal static class Spans
{
    private static readonly ActivitySource Source = new(ProxyTelemetry.Name);

    /// <summary>Null where it would not be recorded.</summary>
    public static Activity? Start(ActivityKind kind, Exchange exchange, in ActivityContext parent)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var span = Source.CreateActivity(HttpMethod(exchange.Request.Method), kind, parent);
        return span is { IsAllDataRequested: true } ? span.Start() : null;
    }

    public static void Describe(
        Activity span, Exchange exchange, ListenerView view, TracingConfig config, string node)
    {
        ref readonly var request = ref exchange.Request;
        SetMethod(span, request.Method);
        var path = request.Path;
        span.SetTag("url.path", path[..Math.Min(path.Length, config.LongestPath)].ToString());
        span.SetTag("url.scheme", request.Scheme);
        SetServer(span, request.Host);
        span.SetTag("client.address", exchange.Context.Connection.RemoteIpAddress?.ToString());
        span.SetTag("network.protocol.version", VersionOf(exchange.Context.Request.Protocol));
        span.SetTag("user_agent.original", request.Header("user-agent"));
        span.SetTag(ProxyTelemetry.Node, node);
        span.SetTag("weft.listener", view.Config.Name);
    }

    public static void DescribeTry(
        Activity span, Exchange exchange, UpstreamCluster cluster, Endpoint endpoint, string node)
    {
        SetMethod(span, exchange.Request.Method);
        SetServer(span, exchange.Host ?? exchange.Request.Host);
        span.SetTag(ProxyTelemetry.Node, node);
        span.SetTag("network.peer.address", endpoint.Address.Address.ToString());
        span.SetTag("network.peer.port", endpoint.Address.Port);
        span.SetTag("weft.upstream.cluster", cluster.Config.StatName);
        if (exchange.Tries > 1)
        {
            span.SetTag("http.request.resend_count", exchange.Tries - 1);
        }
    }

    public static void Conclude(Activity span, Exchange exchange)
    {
        var context = exchange.Context;
        if (!exchange.Flags.HasFlag(ResponseFlags.DC) || context.Response.HasStarted)
        {
            EndWith(span, context.Response.StatusCode, span.Kind == ActivityKind.Client ? 400 : 500);
        }

        if (exchange.IsGrpc && GrpcStatus(context) is { } status)
        {
            span.SetTag("rpc.grpc.status_code", status);
            if (IsGrpcError(status))
            {
                Fail(span, status.ToString(CultureInfo.InvariantCulture));
            }
        }

        span.SetTag("weft.route", exchange.Route?.Name is { Length: > 0 } route ? route : null);
        span.SetTag("weft.upstream.cluster", exchange.Cluster);
        if (exchange.Tries > 1)
        {
            span.SetTag("weft.upstream.tries", exchange.Tries);
        }

        if (exchange.Flags != ResponseFlags.None)
        {
            span.SetTag("weft.response_flags", exchange.Flags.Text());
        }
    }

    /// <param name="firstError">From which status on it is an error; a caller's mistake is none of the server.</param>
    public static void EndWith(Activity span, int status, int firstError)
    {
        span.SetTag("http.response.status_code", status);
        if (status >= firstError)
        {
            Fail(span, status.ToString(CultureInfo.InvariantCulture));
        }
    }

    public static void Fail(Activity span, string type)
    {
        span.SetTag("error.type", type);
        span.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>The conventions' names are few, so that no caller makes new ones.</summary>
    public static string HttpMethod(string method) => IsKnown(method) ? method : "HTTP";

    public static bool IsKnown(string method) => method is
        "GET" or "POST" or "PUT" or "DELETE" or "HEAD" or "OPTIONS" or "PATCH" or "CONNECT" or "TRACE";

    public static string? VersionOf(string protocol) =>
        protocol == HttpProtocol.Http11 ? "1.1"
            : HttpProtocol.IsHttp2(protocol) ? "2" : HttpProtocol.IsHttp10(protocol) ? "1.0" : null;

    private static void SetMethod(Activity span, string method)
    {
        span.SetTag("http.request.method", IsKnown(method) ? method : "_OTHER");
        if (!IsKnown(method))
        {
            span.SetTag("http.request.method_original", method);
        }
    }

    private static void SetServer(Activity span, string host)
    {
        var name = HostString.FromUriComponent(host);
        span.SetTag("server.address", name.Host);
        if (name.Port is { } port)
        {
            span.SetTag("server.port", port);
        }
    }

    private static int? GrpcStatus(HttpContext context)
    {
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        var text = trailers is not null && trailers.TryGetValue("grpc-status", out var last)
            ? last
            : context.Response.Headers["grpc-status"];
        return int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status : null;
    }

    /// <summary>Those that the conventions count as the server's errors.</summary>
    private static bool IsGrpcError(int status) => status is 2 or 4 or 12 or 13 or 14 or 15;
}

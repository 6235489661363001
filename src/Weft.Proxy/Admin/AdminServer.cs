using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Listening;

namespace Weft.Proxy.Admin;

/// <summary>Envoy's admin pages, as far as tools read them.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private const string Text = "text/plain; charset=UTF-8";
    private readonly ConnectionServer _server;

    private AdminServer(ConnectionServer server) => _server = server;

    public IPEndPoint LocalEndPoint => _server.LocalEndPoint;

    public static async Task<AdminServer> StartAsync(
        IPEndPoint address, AdminPages pages, ILoggerFactory loggers, CancellationToken cancellation) =>
        new(await ConnectionServer.StartAsync(address, context => AnswerAsync(context, pages), loggers, cancellation));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static Task AnswerAsync(HttpContext context, AdminPages pages)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, Text, "only GET is supported\n");
        }

        return context.Request.Path.Value switch
        {
            "/ready" when pages.IsReady => WriteAsync(context, StatusCodes.Status200OK, Text, "LIVE\n"),
            "/ready" => WriteAsync(context, StatusCodes.Status503ServiceUnavailable, Text, "INITIALIZING\n"),
            "/stats/prometheus" => WriteAsync(context, StatusCodes.Status200OK, Text, pages.Metrics()),
            "/config_dump" => WriteAsync(context, StatusCodes.Status200OK, "application/json", pages.ConfigDump()),
            "/clusters" => WriteAsync(context, StatusCodes.Status200OK, Text, pages.Clusters()),
            "/" => WriteAsync(
                context, StatusCodes.Status200OK, Text, "/ready\n/stats/prometheus\n/config_dump\n/clusters\n"),
            _ => WriteAsync(context, StatusCodes.Status404NotFound, Text, "no such page; see /\n"),
        };
    }

    private static async Task WriteAsync(HttpContext context, int status, string type, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }
}

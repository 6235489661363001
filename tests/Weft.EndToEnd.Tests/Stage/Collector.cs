using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Weft.Flow;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>Takes spans by OTLP over gRPC and keeps their bytes.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private const string Export = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private static readonly byte[] EmptyGrpcMessage = new byte[5];

    private readonly Latest<ImmutableList<byte[]>> _exports = new([]);
    private readonly WebApplication _server;

    private Collector(WebApplication server) => _server = server;

    public int Port => new Uri(_server.Urls.Single()).Port;

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var collector = new Collector(builder.Build());
        collector._server.Run(collector.TakeAsync);
        await collector._server.StartAsync();
        return collector;
    }

    /// <summary>Awaits an export with all these parts.</summary>
    public async Task ExportsAsync(params byte[][] parts)
    {
        var deadline = Task.Delay(Eventually.Patience, TestContext.Current.CancellationToken);
        while (_exports.Current is var current
            && !current.Value.Any(export => parts.All(part => export.AsSpan().IndexOf(part) >= 0)))
        {
            Assert.False(deadline.IsCompleted, $"No such spans among {current.Value.Count} exports.");
            await Task.WhenAny(current.Replaced, deadline);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        if (context.Request.Path != Export)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _exports.Update(exports => exports.Add(body.ToArray()));
        context.Response.ContentType = "application/grpc";
        context.Response.AppendTrailer("grpc-status", "0");
        await context.Response.Body.WriteAsync(EmptyGrpcMessage, context.RequestAborted);
    }
}

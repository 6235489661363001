using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>
/// An application of the mesh, in the test's own process. It answers with its name; <c>/headers</c>, and any path with
/// <see cref="EchoHeader"/>, also gives back what it got, and <c>/never</c> is not answered.
/// </summary>
internal sealed class Application : IAsyncDisposable
{
    /// <summary>A request with this header is answered with all that the application saw.</summary>
    public const string EchoHeader = "x-echo";

    private readonly WebApplication _server;

    private Application(string name, WebApplication server)
    {
        Name = name;
        _server = server;
    }

    public string Name { get; }

    public int Port => new Uri(_server.Urls.Single()).Port;

    public static async Task<Application> StartAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var application = new Application(name, builder.Build());
        application._server.Run(application.AnswerAsync);
        await application._server.StartAsync();
        return application;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path == "/never")
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        var request = context.Request;
        context.Response.Headers["x-backend"] = Name;
        var lines = path == "/headers" || request.Headers.ContainsKey(EchoHeader)
            ? request.Headers.Where(h => h.Key != "Host").Select(h => $"\n{h.Key.ToLowerInvariant()}: {h.Value}")
                .Prepend($"\nhost: {request.Host.Value}")
                .Prepend($"\npath: {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}")
            : [];
        await context.Response.WriteAsync(Name + string.Concat(lines), context.RequestAborted);
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Weft.Flow;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>
/// An application of the mesh, in the test's own process. It answers with its name; <c>/headers</c>, and any path with
/// <see cref="EchoHeader"/>, also gives back what it got, and <c>/never</c> is not answered. <c>/health</c> tells
/// whether it is well.
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

    /// <summary>What it is to do, and what it was asked.</summary>
    public Latest<ApplicationView> View { get; } = new(new(0, 0, true));

    public int Port => new Uri(_server.Urls.Single()).Port;

    /// <param name="protocol">What it speaks; without TLS it cannot be both.</param>
    public static async Task<Application> StartAsync(string name, HttpProtocols protocol = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = protocol));
        var application = new Application(name, builder.Build());
        application._server.Run(application.AnswerAsync);
        await application._server.StartAsync();
        return application;
    }

    /// <summary>Awaits that it has got so many requests.</summary>
    public async Task RequestsAsync(int count)
    {
        var deadline = Task.Delay(Eventually.Patience, TestContext.Current.CancellationToken);
        while (View.Current is var current && current.Value.Requests < count)
        {
            Assert.False(deadline.IsCompleted, $"{Name} got {current.Value.Requests} requests of {count}.");
            await Task.WhenAny(current.Replaced, deadline);
        }
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
        if (path == "/health")
        {
            context.Response.StatusCode = View.Value.IsWell ? 200 : 503;
            return;
        }

        var fails = false;
        View.Update(view =>
        {
            fails = view.Failing > 0;
            return view with { Requests = view.Requests + 1, Failing = fails ? view.Failing - 1 : 0 };
        });
        if (fails)
        {
            context.Response.StatusCode = 503;
            return;
        }

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

/// <summary>An application's state.</summary>
/// <param name="Requests">How many requests it got; those for its health are not counted.</param>
/// <param name="Failing">How many of the next ones it answers by 503.</param>
internal sealed record ApplicationView(int Requests, int Failing, bool IsWell);

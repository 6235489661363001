using System.Net;
using System.Text.Json;

namespace Bookshop;

/// <summary>
/// One service of the chain: it answers with its name, its version and the answer of the service it calls, so that the
/// frontend's answer shows which version of each service took part.
/// </summary>
internal static class BookService
{
    public static async Task RunAsync(string name, string? upstream, BookshopSettings settings)
    {
        var port = settings.Port ?? throw new InvalidOperationException("PORT is not set.");
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        using var mesh = settings.Outbound is { } outbound ? new MeshClient(outbound) : null;
        app.Run(context => context.Request.Path == "/healthz"
            ? context.Response.WriteAsync("ok\n")
            : AnswerAsync(context, name, upstream, settings.Version, mesh));
        await app.StartAsync();
        using var stopping = new ShutdownSignal();
        await stopping.Received;
        await app.StopAsync();
    }

    private static async Task AnswerAsync(
        HttpContext context, string name, string? upstream, string version, MeshClient? mesh)
    {
        var calls = "";
        if (upstream is not null)
        {
            var answer = mesh is null
                ? new MeshAnswer(false, "WEFT_OUTBOUND is not set")
                : await mesh.GetAsync(upstream, context.Request, context.RequestAborted);
            if (!answer.Ok)
            {
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
                await context.Response.WriteAsync(
                    $"{name} {version} could not call {upstream}: {answer.Body.Trim()}\n", context.RequestAborted);
                return;
            }

            calls = $",\"calls\":{answer.Body.Trim()}";
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            $"{{\"service\":{Quote(name)},\"version\":{Quote(version)}{calls}}}\n", context.RequestAborted);
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}

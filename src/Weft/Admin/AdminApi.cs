using Microsoft.AspNetCore.Diagnostics;
using Weft.ControlPlane;
using Weft.Xds;

namespace Weft.Admin;

/// <summary>
/// What the admin listener answers: <c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>, <c>/debug/status</c>,
/// <c>/debug/diagnostics</c>, <c>/debug/resources</c>, <c>/debug/config</c>, <c>/debug/manifests</c>,
/// <c>/v3/discovery:client_status</c>. Reads only.
/// </summary>
internal static partial class AdminApi
{
    public static void Use(IApplicationBuilder admin, IServiceProvider services)
    {
        var server = services.GetRequiredService<XdsServer>();
        var publication = services.GetRequiredService<PublishLoop>();
        var manifests = services.GetRequiredService<ManifestTexts>();
        var history = services.GetRequiredService<ServedHistory>();
        var metrics = services.GetRequiredService<WeftMetrics>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Weft.Admin");
        admin.UseExceptionHandler(failed => failed.Run(context => ContainAsync(context, metrics, logger)));
        admin.UseOpenTelemetryPrometheusScrapingEndpoint();
        admin.UseRouting();
        admin.UseEndpoints(map =>
        {
            map.MapGet("/healthz", () => "ok\n");
            map.MapGet("/readyz", () => server.IsDraining
                ? Results.Text("draining\n", statusCode: StatusCodes.Status503ServiceUnavailable)
                : publication.Report.Value.Ready
                ? Results.Text("ready\n")
                : Results.Text("reading sources\n", statusCode: StatusCodes.Status503ServiceUnavailable));
            map.MapGet("/debug/status", () => Results.Json(
                StatusView.Of(server, publication.Report.Value), ViewJson.Default.StatusView));
            map.MapGet("/debug/diagnostics", () => Results.Json(
                StatusView.Of(server, publication.Report.Value).Diagnostics, ViewJson.Default.ImmutableArrayDiagnosticView));
            map.MapGet("/debug/resources", () => Results.Json(
                ResourceView.Of(server.Groups.Value), ViewJson.Default.ImmutableArrayResourceView));
            map.MapGet("/debug/config", (string? node, string? form) => DebugPages.Config(server, history.Past.Value, node, form));
            map.MapGet("/debug/manifests", () => DebugPages.Manifests(manifests));
            map.MapPost(ClientStatusPage.Path, (HttpRequest request, CancellationToken gone) =>
                ClientStatusPage.AnswerAsync(server, request, gone));
        });
    }

    // An exception in a request is contained, counted and logged; the caller learns no more than that it happened.
    private static Task ContainAsync(HttpContext context, WeftMetrics metrics, ILogger logger)
    {
        metrics.Unhandled();
        var error = context.Features.Get<IExceptionHandlerPathFeature>();
        Log.Unhandled(logger, error?.Error, error?.Path ?? "");
        return context.Response.WriteAsync("internal error; the log says more\n");
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The admin request {Path} failed")]
        public static partial void Unhandled(ILogger logger, Exception? exception, string path);
    }
}

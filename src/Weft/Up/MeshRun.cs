using Spectre.Console;
using Weft.Commands;
using Weft.ControlPlane;
using Weft.Xds;

namespace Weft.Up;

/// <summary>A whole mesh in the foreground: control plane, proxies, applications, and the view of them.</summary>
internal sealed class MeshRun(UpSettings settings, bool json)
{
    // Plain lines come at a pace that a log bears; each fourth view is one every two seconds.
    private const int ViewsPerLine = 4;

    private readonly bool _isLive = !json && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
    private int _views;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var messages = new MessageLog(_isLive ? null : line => Console.Error.WriteLine(line));
        await using var app = ControlPlaneHost.Build(
            new([settings.Folder], null, settings.Xds, settings.Admin, settings.Log),
            _isLive ? new MessageLogProvider(messages) : null);
        await Listening.StartAsync(app, cancellation);
        var stopped = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopped);
        var mesh = app.Services.GetRequiredService<MeshLoop>().State;
        var crew = new Crew(settings, mesh, app.Services.GetRequiredService<ILoggerFactory>(), messages.Say);
        using var watch = new Watch(
            mesh, crew.Roster, app.Services.GetRequiredService<PublishLoop>().Report,
            app.Services.GetRequiredService<XdsServer>(), messages);
        try
        {
            await FirstToEndAsync(ending, crew.RunAsync(ending.Token), ShowAsync(watch, ending.Token));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Ctrl-C, or the control plane ended by itself, which its exit code tells.
        }
        finally
        {
            await crew.DisposeAsync();
            await app.StopAsync(CancellationToken.None);
        }

        return ControlPlaneHost.ExitCode(app);
    }

    // Neither loop ends by itself; when one fails, the other ends too, and the failure is thrown.
    private static async Task FirstToEndAsync(CancellationTokenSource ending, Task crew, Task show)
    {
        await Task.WhenAny(crew, show);
        await ending.CancelAsync();
        await Task.WhenAll(crew, show);
    }

    private Task ShowAsync(Watch watch, CancellationToken cancellation) => _isLive
        ? AnsiConsole.Live(new Text("starting")).AutoClear(false).StartAsync(context => watch.RunAsync(
            view => context.UpdateTarget(LiveScreen.Of(view, settings)), cancellation))
        : watch.RunAsync(Print, cancellation);

    private void Print(MeshView view)
    {
        if (_views++ % ViewsPerLine == 0)
        {
            Console.WriteLine(json ? PlainLines.Json(view) : PlainLines.Text(view));
        }
    }
}

using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Weft.Up;

/// <summary>The view as a screen that is drawn over and over.</summary>
internal static class LiveScreen
{
    private const int BarWidth = 20;
    private const int MostDiagnostics = 6;

    public static IRenderable Of(MeshView view, UpSettings settings) => new Rows(
        [Head(view, settings), Table(view), .. Findings(view), Foot(settings)]);

    private static Markup Head(MeshView view, UpSettings settings)
    {
        var synced = view.ProxiesSynced == view.Proxies ? "green" : "yellow";
        var errors = view.Errors > 0 ? "red" : "green";
        return new(string.Create(CultureInfo.InvariantCulture, $"""
            [bold]weft up[/] {Markup.Escape(settings.Folder)}  [grey]xDS {settings.Xds}  admin http://{settings.Admin}[/]
            proxies [{synced}]{view.ProxiesSynced} of {view.Proxies} synced[/] ({Name(settings.DataPlane)})   requests [bold]{view.Requests:0.0}[/]/s   errors [{errors}]{view.Errors:0.0%}[/]

            """));
    }

    private static Table Table(MeshView view)
    {
        var table = new Table().Border(TableBorder.None);
        table.AddColumn("SERVICE").AddColumn("VERSION").AddColumn(new TableColumn("REQ/S").RightAligned());
        table.AddColumn("SHARE").AddColumn(new TableColumn("").RightAligned()).AddColumn(new TableColumn("ERR/S").RightAligned());
        foreach (var service in view.Services)
        {
            var name = service.Name;
            foreach (var version in service.Versions)
            {
                var errors = version.Errors.ToString("0.0", CultureInfo.InvariantCulture);
                table.AddRow(
                    Markup.Escape(name),
                    Markup.Escape(version.Version),
                    version.Requests.ToString("0.0", CultureInfo.InvariantCulture),
                    $"[blue]{new string('█', (int)Math.Round(version.Share * BarWidth))}[/]",
                    version.Share.ToString("0.0 %", CultureInfo.InvariantCulture),
                    version.Errors > 0 ? $"[red]{errors}[/]" : errors);
                name = "";
            }
        }

        return table;
    }

    private static IEnumerable<Markup> Findings(MeshView view)
    {
        yield return new("");
        foreach (var diagnostic in view.Diagnostics.Take(MostDiagnostics))
        {
            var colour = diagnostic.Severity == "error" ? "red" : "yellow";
            yield return new($"[{colour}]{Markup.Escape(diagnostic.ToDiagnostic().ToString())}[/]");
        }

        if (view.Diagnostics.Length > MostDiagnostics)
        {
            yield return new($"[grey]and {view.Diagnostics.Length - MostDiagnostics} more: weft status[/]");
        }

        foreach (var message in view.Messages)
        {
            yield return new($"[grey]{Markup.Escape(message)}[/]");
        }
    }

    private static Markup Foot(UpSettings settings) => new(
        $"[grey]Change a file in {Markup.Escape(settings.Folder)} and save it. Ctrl-C stops everything.[/]");

    private static string Name(DataPlaneKind kind) => kind == DataPlaneKind.Envoy ? "Envoy" : "embedded";
}

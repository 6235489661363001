using System.Globalization;
using Spectre.Console;
using Weft.Admin;

namespace Weft.Commands;

/// <summary>The status as a table that fits 80 columns.</summary>
internal static class StatusScreen
{
    private static readonly string[] Columns = ["cds", "eds", "lds", "rds"];

    public static void Write(IAnsiConsole screen, StatusView status)
    {
        if (status.Proxies.IsEmpty)
        {
            screen.WriteLine("No proxies have connected.");
        }
        else
        {
            screen.Write(ProxyTable(status));
        }

        foreach (var proxy in status.Proxies)
        {
            foreach (var plugin in proxy.Plugins.Where(p => p.Error is not null))
            {
                Screen.Line(screen, "red", $"{proxy.Node} rejected plugin {plugin.Name}, and keeps its last good version: {plugin.Error}");
            }

            foreach (var (type, view) in proxy.Types.Where(t => t.Value.Error is not null && !Told(proxy, t.Value)))
            {
                Screen.Line(screen, "red", $"{proxy.Node} rejected {type}: {view.Error}");
            }

            foreach (var limit in proxy.Limits)
            {
                Screen.Line(screen, "yellow", $"{proxy.Node}: {limit.ToDiagnostic()}");
            }
        }

        foreach (var diagnostic in status.Diagnostics)
        {
            var colour = diagnostic.Severity switch { "error" => "red", "warning" => "yellow", _ => "grey" };
            Screen.Line(screen, colour, diagnostic.ToDiagnostic().ToString());
        }

        if (!status.Ready)
        {
            screen.WriteLine("The control plane is still reading its sources.");
        }
    }

    private static bool Told(ProxyView proxy, TypeView type) => proxy.Plugins.Any(p => p.Error == type.Error);

    private static Table ProxyTable(StatusView status)
    {
        var table = new Table().Border(TableBorder.None);
        table.AddColumn("NODE").AddColumn("CLASS").AddColumn("STATE");
        foreach (var column in Columns)
        {
            table.AddColumn(column.ToUpperInvariant());
        }

        foreach (var proxy in status.Proxies)
        {
            table.AddRow(
                [Markup.Escape(proxy.Node), Markup.Escape(proxy.Class), State(proxy.State),
                .. Columns.Select(c => Type(proxy.Types.GetValueOrDefault(c) ?? TypeView.Unrequested))]);
        }

        return table;
    }

    // The number of resources says more than a hash; a state that is not "synced" says more than the number.
    private static string Type(TypeView type) => type.State switch
    {
        "synced" => type.Resources.ToString(CultureInfo.InvariantCulture),
        "unrequested" => "-",
        _ => State(type.State),
    };

    private static string State(string state) => state switch
    {
        "synced" => "[green]synced[/]",
        "rejected" => "[red]rejected[/]",
        "disconnected" => "[grey]disconnected[/]",
        _ => $"[yellow]{state}[/]",
    };
}

using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Weft.Admin;
using Weft.Preview;

namespace Weft.Commands;

/// <summary><c>weft config NODE</c>: what a node is served now.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var node = new Argument<string>("NODE") { Description = "The node id: WORKLOAD.NAMESPACE." };
        var type = new Option<string?>("--type")
        {
            Description = "Only one type: cds, eds, lds, rds, … or the full name of a message.",
            HelpName = "TYPE",
        };
        var name = new Option<string?>("--name") { Description = "Only the resource of this name, whole.", HelpName = "NAME" };
        var diff = new Option<bool>("--diff") { Description = "What is served against what the node has accepted." };
        var (server, json) = (Flags.Server(), Flags.Json());
        var command = new ExampleCommand(
            "config",
            "Show what a node is served now: clusters, endpoints, listeners, routes.",
            "weft config frontend-v1.default",
            "weft config frontend-v1.default --type rds --json | jq '.[].virtual_hosts[].routes'",
            "weft config frontend-v1.default --name outbound",
            "weft config frontend-v1.default --diff")
        {
            node, type, name, diff, server, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var id = parsed.GetValue(node)!;
            var view = await FetchAsync(parsed.GetValue(server)!, id, cancellation);
            var chosen = view.Resources
                .Where(r => parsed.GetValue(type) is not { } wanted || r.Type == wanted)
                .Where(r => parsed.GetValue(name) is not { } wanted || r.Name == wanted)
                .ToList();
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(diff))
            {
                await output.WriteAsync(parsed.GetValue(json)
                    ? ConfigDiffText.Json(ConfigDrift.Of(view, chosen)) + "\n"
                    : ConfigDiffText.Of(ConfigDrift.Of(view, chosen)));
            }
            else if (parsed.GetValue(name) is { } missing && chosen.Count == 0)
            {
                throw new CommandException($"{id} is served no resource '{missing}'. 'weft config {id}' lists all.");
            }
            else if (parsed.GetValue(json) || parsed.GetValue(name) is not null)
            {
                await output.WriteLineAsync(PreviewJson.Array(chosen.Select(r => r.Resource.DeepClone())));
            }
            else
            {
                Write(Screen.Of(output), view, chosen);
            }

            return WeftCommand.Done;
        });
        return command;
    }

    /// <exception cref="CommandException">There is no such node.</exception>
    public static async Task<NodeConfigView> FetchAsync(Uri server, string node, CancellationToken cancellation) =>
        await ControlPlaneClient.FindAsync(
            server, $"/debug/config?node={Uri.EscapeDataString(node)}", ConfigJson.Plain.NodeConfigView, cancellation)
        ?? throw new CommandException(
            $"No node '{node}' is connected to {server}, and no Workload has this name. 'weft status' lists the nodes.");

    private static void Write(IAnsiConsole screen, NodeConfigView view, List<ResourceBody> chosen)
    {
        if (chosen.Count == 0)
        {
            screen.WriteLine($"{view.Node} is served nothing of that.");
            return;
        }

        var table = new Table().Border(TableBorder.None);
        table.AddColumn("TYPE").AddColumn("NAME").AddColumn("VERSION").AddColumn(new TableColumn("BYTES").RightAligned());
        foreach (var resource in chosen)
        {
            table.AddRow(
                Markup.Escape(resource.Type), Markup.Escape(Words.Shown(resource.Name)), resource.Version[..8],
                resource.Bytes.ToString(CultureInfo.InvariantCulture));
        }

        screen.Write(table);
        screen.WriteLine($"{view.Node} is {view.State ?? "not connected"}; group {view.Group}");
    }
}

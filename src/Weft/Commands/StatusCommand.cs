using System.CommandLine;
using System.Text.Json;
using Weft.Admin;

namespace Weft.Commands;

/// <summary><c>weft status</c>: which proxies have what they should.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var (server, json) = (Flags.Server(), Flags.Json());
        var command = new ExampleCommand(
            "status",
            "Show the proxies of a control plane, whether they accepted what they were sent, and what is wrong.",
            "weft status",
            "weft status --json | jq '.proxies[] | select(.state != \"synced\")'",
            "weft status --server http://127.0.0.1:19080")
        {
            server, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var text = await FetchAsync(parsed.GetValue(server)!, cancellation);
            if (parsed.GetValue(json))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellation);
            }
            else
            {
                StatusScreen.Write(Screen.Of(parsed.InvocationConfiguration.Output), Parse(text));
            }

            return WeftCommand.Done;
        });
        return command;
    }

    internal static StatusView Parse(string text) => JsonSerializer.Deserialize(text, ViewJson.Default.StatusView)!;

    private static async Task<string> FetchAsync(Uri server, CancellationToken cancellation)
    {
        using var http = AdminHttp.To(server, TimeSpan.FromSeconds(10));
        try
        {
            return await http.GetStringAsync(new Uri("/debug/status", UriKind.Relative), cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new CommandException($"No control plane answers at {server} ({e.Message}). Start one with 'weft run', or say --server.", e);
        }
    }
}

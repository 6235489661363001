using System.CommandLine;
using Weft.Agent.Commands;

namespace Weft.Agent.Pinning;

/// <summary><c>weft-agent bpf unpin PATH</c>: takes pins away.</summary>
internal static class UnpinCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A pin, or a folder with nothing but pins in it." };
        var json = new Option<bool>("--json") { Description = "Print JSON: an array of {path, kind, id}." };
        var command = new ExampleCommand(
            "unpin",
            "Take a pin away, or all of a folder: links first, which detaches their programs. Where anything there is no pin, nothing is removed.",
            "weft-agent bpf unpin /sys/fs/bpf/hello",
            "weft-agent bpf unpin /sys/fs/bpf/hello/links/on_exec")
        {
            path, json,
        };
        command.SetAction(parsed =>
        {
            var removed = Unpinner.Unpin(parsed.GetValue(path)!);
            parsed.InvocationConfiguration.Output.Write(
                parsed.GetValue(json) ? AgentJson.Line(removed, j => j.ListPinView) : PinCommand.Text(removed, "removed"));
            return AgentCommand.Done;
        });
        return command;
    }
}

using System.CommandLine;
using Weft.Agent.Commands;

namespace Weft.Agent.Inspect;

/// <summary><c>weft-agent bpf inspect FILE.o</c>: what is in an object.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var file = ObjectFile.Argument();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new ExampleCommand(
            "inspect",
            "Say what is in an object: programs, maps, variables, and what it takes from the kernel. Needs no kernel and no rights.",
            "weft-agent bpf inspect hello.bpf.o",
            "weft-agent bpf inspect --json hello.bpf.o | jq '.maps[].name'")
        {
            file, json,
        };
        command.SetAction(parsed =>
        {
            var view = View(parsed.GetValue(file)!);
            parsed.InvocationConfiguration.Output.Write(
                parsed.GetValue(json) ? AgentJson.Line(view, j => j.ObjectView) : ObjectText.Of(view));
            return AgentCommand.Done;
        });
        return command;
    }

    private static ObjectView View(string path)
    {
        var spec = ObjectFile.Read(path);
        try
        {
            return ObjectViews.Of(spec);
        }
        catch (Bpf.BpfFormatException e)
        {
            throw new CommandException($"{path}: {e.Message}", e);
        }
    }
}

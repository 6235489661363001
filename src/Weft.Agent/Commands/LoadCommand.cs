using System.CommandLine;
using System.Text.Json;

namespace Weft.Agent.Commands;

/// <summary><c>weft-agent bpf load FILE.o</c>: whether this kernel takes an object's programs.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The object, as clang writes it." };
        var alone = new Option<bool>("--one-by-one")
        {
            Description = "Load each program alone, with only the maps that it uses, also those of sections with a '?'.",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var types = new Option<string?>("--btf") { Description = "Relocate by the types in this file instead of the kernel's.", HelpName = "FILE" };
        var command = new Command("load", "Load an object's programs into the kernel, say what became of each, and let them go.")
        {
            file, alone, json, types,
        };
        command.SetAction(parsed =>
        {
            var results = ObjectTrial.Run(parsed.GetValue(file)!, parsed.GetValue(alone), parsed.GetValue(types));
            var output = parsed.InvocationConfiguration.Output;
            output.Write(parsed.GetValue(json)
                ? JsonSerializer.Serialize(results, AgentJson.Default.ListLoadView) + "\n"
                : LoadText.Of(results));
            return results.All(r => r.Loaded) ? AgentCommand.Done : AgentCommand.Failed;
        });
        return command;
    }
}

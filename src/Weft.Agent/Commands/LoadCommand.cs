using System.CommandLine;

namespace Weft.Agent.Commands;

/// <summary><c>weft-agent bpf load FILE.o</c>: whether this kernel takes an object's programs.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var file = ObjectFile.Argument();
        var alone = new Option<bool>("--one-by-one")
        {
            Description = "Load each program alone, with only the maps that it uses, also those of sections with a '?'.",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var types = new Option<string?>("--btf") { Description = "Relocate by the types in this file instead of the kernel's.", HelpName = "FILE" };
        var backend = BackendOption.Create();
        var command = new ExampleCommand(
            "load",
            "Load an object's programs into the kernel, say what became of each, and let them go.",
            "weft-agent bpf load hello.bpf.o",
            "weft-agent bpf load --one-by-one --json hello.bpf.o",
            "weft-agent bpf load --btf 5.4.0-generic.btf hello.bpf.o",
            "weft-agent bpf load --backend libbpf hello.bpf.o")
        {
            file, alone, json, types, backend,
        };
        command.SetAction(parsed =>
        {
            var results = ObjectTrial.Run(parsed.GetValue(file)!, parsed.GetValue(alone), parsed.GetValue(types), parsed.GetValue(backend));
            var output = parsed.InvocationConfiguration.Output;
            output.Write(parsed.GetValue(json) ? AgentJson.Line(results, j => j.ListLoadView) : LoadText.Of(results));
            return results.All(r => r.Loaded) ? AgentCommand.Done : AgentCommand.Failed;
        });
        return command;
    }
}

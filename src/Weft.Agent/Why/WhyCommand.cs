using System.CommandLine;
using Weft.Agent.Commands;

namespace Weft.Agent.Why;

/// <summary><c>weft-agent bpf why FILE.o PROGRAM</c>: why the kernel refuses a program.</summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        var file = ObjectFile.Argument();
        var name = new Argument<string>("PROGRAM") { Description = "The program: the name of its function." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new ExampleCommand(
            "why",
            "Load one program, and say why the kernel refuses it: where in the source, what the verifier knew, and what usually helps.",
            "weft-agent bpf why hello.bpf.o on_exec",
            "weft-agent bpf why --json hello.bpf.o on_exec | jq -r .class")
        {
            file, name, json,
        };
        command.SetAction(parsed =>
        {
            var (path, wanted) = (parsed.GetValue(file)!, parsed.GetValue(name)!);
            var spec = ObjectFile.Read(path);
            var program = spec.Programs.GetValueOrDefault(wanted) ?? throw new CommandException(
                $"{path}: there is no program {wanted}; it has {string.Join(", ", spec.Programs.Keys.Take(20))}");
            var view = WhyViews.Of(spec, program);
            parsed.InvocationConfiguration.Output.Write(parsed.GetValue(json) ? AgentJson.Line(view, j => j.WhyView) : WhyText.Of(view));
            return view.Loaded ? AgentCommand.Done : AgentCommand.Failed;
        });
        return command;
    }
}

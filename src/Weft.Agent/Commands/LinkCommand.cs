using System.CommandLine;
using Weft.Bpf;

namespace Weft.Agent.Commands;

/// <summary><c>weft-agent bpf link -o OUT.o IN.o…</c>: makes one object of several.</summary>
internal static class LinkCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output", "-o") { Description = "The object to write.", HelpName = "OUT.o", Required = true };
        var files = new Argument<string[]>("IN.o") { Description = "The objects, as clang writes them.", Arity = ArgumentArity.OneOrMore };
        var command = new ExampleCommand(
            "link",
            "Link objects to one: what one declares as extern is found in another. Needs no kernel and no rights.",
            "weft-agent bpf link -o all.bpf.o main.bpf.o library.bpf.o")
        {
            output, files,
        };
        command.SetAction(parsed =>
        {
            var objects = parsed.GetValue(files)!.Select(path => (path, (ReadOnlyMemory<byte>)ObjectFile.Bytes(path)));
            File.WriteAllBytes(parsed.GetValue(output)!, ObjectLinker.Link(objects));
            return AgentCommand.Done;
        });
        return command;
    }
}

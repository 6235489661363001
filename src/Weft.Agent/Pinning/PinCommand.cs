using System.CommandLine;
using Weft.Agent.Commands;
using Weft.Agent.Text;

namespace Weft.Agent.Pinning;

/// <summary><c>weft-agent bpf pin FILE.o --to FOLDER</c>: loads an object that outlives this process.</summary>
internal static class PinCommand
{
    public static Command Create()
    {
        var file = ObjectFile.Argument();
        var folder = new Option<string>("--to")
        {
            Description = "A folder of a BPF file system that is not there yet; it gets the folders programs, maps and links.",
            HelpName = "FOLDER",
            Required = true,
        };
        var attach = new Option<bool>("--attach") { Description = "Attach the programs as their sections say, and pin the links, too." };
        var json = new Option<bool>("--json") { Description = "Print JSON: an array of {path, kind, id}." };
        var command = new ExampleCommand(
            "pin",
            "Load an object and pin its programs and maps, so that they outlive this process: all of them, or none.",
            "weft-agent bpf pin hello.bpf.o --to /sys/fs/bpf/hello",
            "weft-agent bpf pin hello.bpf.o --to /sys/fs/bpf/hello --attach")
        {
            file, folder, attach, json,
        };
        command.SetAction(parsed =>
        {
            var pins = Pinner.Pin(parsed.GetValue(file)!, parsed.GetValue(folder)!, parsed.GetValue(attach));
            parsed.InvocationConfiguration.Output.Write(
                parsed.GetValue(json) ? AgentJson.Line(pins, j => j.ListPinView) : Text(pins, "pinned"));
            return AgentCommand.Done;
        });
        return command;
    }

    public static string Text(List<PinView> pins, string done) => string.Concat(pins.Select(p => $"{done} {p.Kind} {Plain.Line(p.Path)}\n"));
}

/// <param name="Kind"><c>program</c>, <c>map</c> or <c>link</c>.</param>
/// <param name="Id">The kernel's number; 0 where it does not tell.</param>
internal sealed record PinView(string Path, string Kind, uint Id);

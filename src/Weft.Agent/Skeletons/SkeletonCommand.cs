using System.CommandLine;
using Weft.Agent.Commands;
using Weft.Bpf;
using Weft.Bpf.Build;

namespace Weft.Agent.Skeletons;

/// <summary><c>weft-agent bpf skeleton FILE.o</c>: a class of C# for an object.</summary>
internal static class SkeletonCommand
{
    public static Command Create()
    {
        var file = ObjectFile.Argument();
        var name = new Option<string?>("--class") { Description = "The name of the class; else it is called like the file.", HelpName = "NAME" };
        var space = new Option<string?>("--namespace") { Description = "Its namespace.", HelpName = "NAME" };
        var events = new Option<string[]>("--events")
        {
            Description = "The structure that records of a ring or perf buffer are, where the object does not say; may be given several times.",
            HelpName = "MAP=STRUCTURE",
        };
        var output = new Option<string?>("--output", "-o") { Description = "Write a file instead.", HelpName = "FILE.cs" };
        var command = new ExampleCommand(
            "skeleton",
            "Write a class of C# for an object: its maps, variables, programs and types, and the object itself. Needs no kernel and no rights.",
            "weft-agent bpf skeleton trace.bpf.o",
            "weft-agent bpf skeleton trace.bpf.o --namespace Tools --class Trace --events ring=event -o Trace.cs")
        {
            file, name, space, events, output,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetValue(file)!;
            var settings = new BindingSettings
            {
                ClassName = parsed.GetValue(name) ?? BindingSettings.ClassNameOf(path),
                Namespace = parsed.GetValue(space),
                ObjectName = BindingSettings.ObjectNameOf(path),
                Events = (parsed.GetValue(events) ?? []).Select(Pair).DistinctBy(e => e.Key).ToDictionary(),
            };
            var code = Code(path, settings);
            if (parsed.GetValue(output) is { } target)
            {
                await File.WriteAllTextAsync(target, code, cancellation);
            }
            else
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(code);
            }

            return AgentCommand.Done;
        });
        return command;
    }

    private static string Code(string path, BindingSettings settings)
    {
        try
        {
            return BindingWriter.Write(ObjectFile.Bytes(path), settings);
        }
        catch (BpfFormatException e)
        {
            throw new CommandException($"{path}: {e.Message}", e);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static KeyValuePair<string, string> Pair(string text) => text.Split('=', 2) is [{ Length: > 0 } map, { Length: > 0 } type]
        ? new(map, type)
        : throw new UsageException($"--events {text}: it wants MAP=STRUCTURE");
}

using System.CommandLine;
using Weft.Agent.Commands;

namespace Weft.Agent.Trace;

/// <summary><c>weft-agent bpf trace FILE.o</c>: loads, attaches, and prints what programs tell.</summary>
internal static class TraceCommand
{
    public static Command Create()
    {
        var file = ObjectFile.Argument();
        var duration = new Option<double?>("--duration") { Description = "End after so many seconds.", HelpName = "SECONDS" };
        duration.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (> 0 and < 1e6)))
            {
                result.AddError("--duration wants seconds above 0");
            }
        });
        var count = new Option<long?>("--count") { Description = "End after so many records.", HelpName = "N" };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() < 1)
            {
                result.AddError("--count wants a number above 0");
            }
        });
        var type = new Option<string?>("--type")
        {
            Description = "The structure that records are. Else it is the map's value type, or the structure that is called like "
                + "the map, or one that the object exports (struct event *unused), or struct event; what is none of them is hexadecimal.",
            HelpName = "NAME",
        };
        var set = new Option<string[]>("--set")
        {
            Description = "Set a variable of the object before it is loaded; may be given several times.",
            HelpName = "NAME=VALUE",
        };
        var backend = BackendOption.Create();
        var command = new ExampleCommand(
            "trace",
            "Load an object, attach what says to what, and print each record of its ring and perf buffers as a line of JSON, until Ctrl+C.",
            "weft-agent bpf trace hello.bpf.o",
            "weft-agent bpf trace --duration 10 exec.bpf.o | jq .data.comm",
            "weft-agent bpf trace --count 1 --set wanted_pid=4711 exec.bpf.o")
        {
            file, duration, count, type, set, backend,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new TraceSettings(
                parsed.GetValue(duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                parsed.GetValue(count) ?? long.MaxValue, parsed.GetValue(type), parsed.GetValue(set) ?? [], parsed.GetValue(backend));
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return new Tracer(parsed.GetValue(file)!, settings, output, error).RunAsync(cancellation);
        });
        return command;
    }
}

using System.CommandLine;
using Weft.Agent.Commands;

namespace Weft.Agent.Top;

/// <summary><c>weft-agent bpf top</c>: which programs run, how often, and how long.</summary>
internal static class TopCommand
{
    public static Command Create()
    {
        var interval = new Option<double>("--interval")
        {
            Description = "Measure for so many seconds at a time.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 1,
        };
        interval.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < 1e6))
            {
                result.AddError("--interval wants seconds above 0");
            }
        });
        var once = new Option<bool>("--once") { Description = "Measure once, and end." };
        var json = new Option<bool>("--json") { Description = "Print a line of JSON each time: {seconds, programs}." };
        var command = new ExampleCommand(
            "top",
            "Show which programs run, how often and how long, until Ctrl+C. The kernel measures meanwhile, which costs each run some tens of nanoseconds.",
            "weft-agent bpf top",
            "weft-agent bpf top --once --interval 10",
            "weft-agent bpf top --json | jq -c '.programs[0]'")
        {
            interval, once, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new TopScreen(parsed.InvocationConfiguration.Output, parsed.GetValue(json));
            await Watch.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(interval)), parsed.GetValue(once), screen, cancellation);
            return AgentCommand.Done;
        });
        return command;
    }
}

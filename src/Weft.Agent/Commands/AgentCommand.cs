using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Weft.Agent.Features;
using Weft.Agent.Header;
using Weft.Agent.Inspect;
using Weft.Agent.Listing;
using Weft.Agent.Pinning;
using Weft.Agent.Skeletons;
using Weft.Agent.Text;
using Weft.Agent.Top;
using Weft.Agent.Trace;
using Weft.Agent.Why;
using Weft.Bpf;

namespace Weft.Agent.Commands;

/// <summary><c>weft-agent</c>: what runs on each node, and tools for eBPF. Exit codes: 0 done, 1 refused or failed, 2 misused.</summary>
internal static class AgentCommand
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misused = 2;

    private const int BrokenPipe = 32;

    // After Ctrl+C; what is traced ends sooner.
    private static readonly TimeSpan MostToEnd = TimeSpan.FromSeconds(10);

    /// <param name="output">Where results go; null for the standard output.</param>
    /// <param name="error">Where the rest goes; null for the standard error.</param>
    /// <param name="cancellation">Ends what runs until it is ended, as Ctrl+C does.</param>
    public static async Task<int> RunAsync(
        string[] arguments, TextWriter? output = null, TextWriter? error = null, CancellationToken cancellation = default)
    {
        error ??= Console.Error;
        var parsed = Create().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync(string.Join('\n', parsed.Errors.Select(e => $"weft-agent: {e.Message}")));
            await error.WriteLineAsync($"Try '{Path(parsed.CommandResult)} --help'.");
            return Misused;
        }

        try
        {
            return await parsed.InvokeAsync(
                new()
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = MostToEnd,
                    Output = output ?? StandardOutput.Open(),
                    Error = error,
                },
                cancellation);
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            // Who reads has enough: `weft-agent bpf trace … | head`.
            return Done;
        }
        catch (UsageException e)
        {
            await error.WriteLineAsync($"weft-agent: {Plain.Line(e.Message)}");
            return Misused;
        }
        catch (Exception e) when (e is CommandException or BpfException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"weft-agent: {Plain.Line(e.Message)}");
            return Failed;
        }
    }

    public static RootCommand Create()
    {
        var root = new RootCommand("Weft's agent on a node.")
        {
            new Command("bpf", "Load, look at and trace programs of eBPF.")
            {
                LoadCommand.Create(), WhyCommand.Create(), LinkCommand.Create(), InspectCommand.Create(), TraceCommand.Create(),
                PinCommand.Create(), UnpinCommand.Create(), ListCommand.Create(), TopCommand.Create(), FeaturesCommand.Create(),
                VmlinuxCommand.Create(), SkeletonCommand.Create(),
            },
        };
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new ExamplesHelp((HelpAction)option.Action!);
        }

        return root;
    }

    private static string Path(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Path(parent)} {command.Command.Name}" : "weft-agent";
}

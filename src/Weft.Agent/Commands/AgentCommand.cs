using System.CommandLine;
using Weft.Bpf;

namespace Weft.Agent.Commands;

/// <summary><c>weft-agent</c>: what runs on each node, and tools for eBPF. Exit codes: 0 done, 1 refused or failed, 2 misused.</summary>
internal static class AgentCommand
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misused = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        try
        {
            var code = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? Misused : code;
        }
        catch (Exception e) when (e is BpfException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"weft-agent: {e.Message}");
            return Failed;
        }
    }

    public static RootCommand Create() => new("Weft's agent on a node.")
    {
        new Command("bpf", "Load, look at and trace programs of eBPF.") { LoadCommand.Create() },
    };
}

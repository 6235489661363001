using System.CommandLine;
using System.CommandLine.Help;

namespace Weft.Commands;

/// <summary>The command line: <c>weft COMMAND</c>. Exit codes: 0 done, 1 failed, 2 wrong usage.</summary>
internal static class WeftCommand
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    // After Ctrl-C or SIGTERM; each command ends sooner by itself.
    private static readonly TimeSpan MostToEnd = TimeSpan.FromSeconds(30);

    /// <summary>All commands with their options.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Weft governs a mesh of services: a control plane for Envoy and gRPC, and an embedded proxy.")
        {
            RunCommand.Create(),
            UpCommand.Create(),
            ProxyCommand.Create(),
            ValidateCommand.Create(),
            BootstrapCommand.Create(),
            StatusCommand.Create(),
            ConfigCommand.Create(),
            PreviewCommand.Create(),
            RouteCommand.Create(),
            PluginCommand.Create(),
        };
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new ExamplesHelp((HelpAction)option.Action!);
        }

        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"weft: {error.Message}");
            }

            await Console.Error.WriteLineAsync($"Try '{Path(parsed.CommandResult)} --help'.");
            return WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = MostToEnd,
            });
        }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync($"weft: {e.Message}");
            return WrongUsage;
        }
        catch (CommandException e)
        {
            await Console.Error.WriteLineAsync($"weft: {e.Message}");
            return Failed;
        }
    }

    private static string Path(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent
            ? $"{Path(parent)} {command.Command.Name}"
            : "weft";
}

/// <summary>The command was called wrongly: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The command failed for a reason that the user can act on: exit code 1.</summary>
internal sealed class CommandException(string message, Exception? inner = null) : Exception(message, inner);

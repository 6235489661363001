using System.CommandLine;

namespace Weft.Commands;

/// <summary><c>weft plugin</c>: plugins for proxies, from nothing to a module that is known to work.</summary>
internal static class PluginCommand
{
    public static Command Create() => new("plugin", "Write plugins for proxies in C#, build them to WebAssembly, and try them.")
    {
        PluginNewCommand.Create(),
        PluginBuildCommand.Create(),
        PluginCheckCommand.Create(),
        PluginTestCommand.Create(),
        PluginRunCommand.Create(),
        PluginBenchCommand.Create(),
        PluginRulesCommand.Create(),
    };
}

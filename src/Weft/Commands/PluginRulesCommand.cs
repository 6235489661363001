using System.CommandLine;
using Weft.Wasm.Regexes;

namespace Weft.Commands;

/// <summary><c>weft plugin rules FILE</c>: a configuration with the tables of its regular expressions.</summary>
internal static class PluginRulesCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The configuration, JSON." };
        var command = new ExampleCommand(
            "rules",
            "Print a plugin's configuration with the tables that its regular expressions are compiled to, as TrafficTag reads them.",
            "weft plugin rules rules.json > configuration.json")
        {
            file,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(file)!;
            var text = System.Text.Encoding.UTF8.GetString(PluginFlags.Read(name));
            if (!ConfiguredRegexes.TryCompile(text, out var compiled, out var mistake))
            {
                throw new CommandException((mistake with { Where = new(name) }).ToString());
            }

            parsed.InvocationConfiguration.Output.WriteLine(compiled);
            return WeftCommand.Done;
        });
        return command;
    }
}

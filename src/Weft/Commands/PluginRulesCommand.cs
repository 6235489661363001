using System.CommandLine;

namespace Weft.Commands;

/// <summary><c>weft plugin rules FILE</c>: the rules of TrafficTag, compiled.</summary>
internal static class PluginRulesCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The rules, JSON." };
        var command = new ExampleCommand(
            "rules",
            "Compile the rules of TrafficTag, in its form or in Higress's, and print the configuration that the plugin reads.",
            "weft plugin rules rules.json > configuration.json")
        {
            file,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(file)!;
            var text = System.Text.Encoding.UTF8.GetString(PluginFlags.Read(name));
            parsed.InvocationConfiguration.Output.WriteLine(PluginFlags.Rules(text, name));
            return WeftCommand.Done;
        });
        return command;
    }
}

using System.CommandLine;
using Weft.Plugins;

namespace Weft.Commands;

/// <summary><c>weft plugin new NAME</c>: a folder with a plugin and its tests.</summary>
internal static class PluginNewCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The folder to make; its last part is the plugin's name." };
        var command = new ExampleCommand(
            "new",
            "Make the folder of a new plugin: a project that builds, with tests of the module that ships.",
            "weft plugin new add-header",
            "weft plugin new plugins/add-header")
        {
            name,
        };
        command.SetAction(parsed => Run(parsed.GetValue(name)!, parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(string path, TextWriter output)
    {
        var folder = Path.TrimEndingDirectorySeparator(path);
        var name = Path.GetFileName(folder);
        if (!PluginName.IsValid(name))
        {
            throw new UsageException($"'{name}' is no name for a plugin: {PluginName.Rule}.");
        }

        if (Directory.Exists(folder) || File.Exists(folder))
        {
            throw new UsageException($"'{folder}' exists already: choose another name, or remove it.");
        }

        PluginTemplate.Write(folder, SdkFolder.Require());
        output.Write($"""
            {folder}/plugin/Plugin.cs       the plugin
            {folder}/tests/PluginTests.cs   tests of the module that ships
            Next: weft plugin build {folder} && weft plugin test {folder}

            """);
        return WeftCommand.Done;
    }
}

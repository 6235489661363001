using System.CommandLine;
using Weft.Plugins;

namespace Weft.Commands;

/// <summary><c>weft plugin test FOLDER</c>: builds a plugin and runs its tests on the module.</summary>
internal static class PluginTestCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("FOLDER")
        {
            Description = "The plugin's folder, with the project of its tests in it.",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => ".",
        };
        var command = new ExampleCommand(
            "test",
            "Build a plugin and run its tests on the module.",
            "weft plugin test add-header")
        {
            path,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var project = PluginProject.Find(parsed.GetValue(path)!);
            if (project.Tests is null)
            {
                throw new UsageException(
                    $"'{project.Folder}' has no project of tests: one that refers to Weft.Wasm.Host, as 'weft plugin new' makes it.");
            }

            var (output, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var built = await PluginBuildCommand.BuildAsync(project, output, errors, cancellation);
            if (built != WeftCommand.Done)
            {
                return built;
            }

            await output.FlushAsync(cancellation);
            return await Dotnet.TestAsync(project, project.Module, cancellation) == 0 ? WeftCommand.Done : WeftCommand.Failed;
        });
        return command;
    }
}

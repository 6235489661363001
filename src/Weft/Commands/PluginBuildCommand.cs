using System.CommandLine;
using System.Globalization;
using Weft.Flow;
using Weft.Plugins;
using Weft.Wasm.Compiling;

namespace Weft.Commands;

/// <summary><c>weft plugin build FOLDER</c>: C# to a module.</summary>
internal static class PluginBuildCommand
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var path = new Argument<string>("FOLDER")
        {
            Description = "The plugin's folder or project, or an assembly that is built already (.dll).",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => ".",
        };
        var output = new Option<string?>("--output", "-o") { Description = "Where to write the module.", HelpName = "FILE" };
        var watch = new Option<bool>("--watch") { Description = "Build again with each change, until Ctrl-C." };
        var trap = new Option<bool>("--no-containment")
        {
            Description = "Let faults trap, which ends the proxy's machine: smaller, and for measurements only.",
        };
        var fuel = PluginFlags.Number("--fuel", "The steps of a callback's loops, at most.", CompileSettings.DefaultFuel, 1000, int.MaxValue);
        var strip = new Option<bool>("--strip") { Description = "Leave out the names of functions, which backtraces show." };
        var optimize = new Option<bool>("--optimize") { Description = "Let wasm-opt make it smaller, which must be installed." };
        var command = new ExampleCommand(
            "build",
            "Build a plugin's project and compile it to a WebAssembly module.",
            "weft plugin build add-header",
            "weft plugin build add-header -o mesh/add-header.wasm --watch")
        {
            path, output, watch, trap, fuel, strip, optimize,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new CompileSettings
            {
                Contain = !parsed.GetValue(trap),
                Fuel = parsed.GetValue(fuel),
                Names = !parsed.GetValue(strip),
            };
            var run = new Run(
                parsed.GetValue(path)!, parsed.GetValue(output), settings, parsed.GetValue(optimize),
                parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return parsed.GetValue(watch) ? run.WatchAsync(cancellation) : run.OnceAsync(cancellation);
        });
        return command;
    }

    /// <summary>Builds as the other commands do before they go on.</summary>
    public static Task<int> BuildAsync(PluginProject project, TextWriter output, TextWriter errors, CancellationToken cancellation) =>
        new Run(project.File, project.Module, new CompileSettings(), false, output, errors).OnceAsync(cancellation);

    private sealed record Run(
        string Path, string? Module, CompileSettings Settings, bool Optimize, TextWriter Output, TextWriter Errors)
    {
        private bool IsAssembly => System.IO.Path.GetExtension(Path) == ".dll" && File.Exists(Path);

        public async Task<int> OnceAsync(CancellationToken cancellation)
        {
            var project = IsAssembly ? null : PluginProject.Find(Path);
            var file = Module ?? project?.Module ?? System.IO.Path.ChangeExtension(Path, ".wasm");
            var assembly = project is null ? Path : await Dotnet.BuildAsync(project, cancellation);
            var build = PluginBuild.Compile(assembly, Settings);
            if (Optimize && build.Module is { } module)
            {
                build = build with { Module = await WasmOpt.RunAsync(module, Settings.Names, cancellation) };
            }

            build = build.Checked(file);
            foreach (var diagnostic in build.Diagnostics)
            {
                await Errors.WriteLineAsync(diagnostic.ToString());
            }

            if (build.Module is null || build.Diagnostics.Any(d => d.Severity == Severity.Error))
            {
                return WeftCommand.Failed;
            }

            build.Write(file);
            await Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{file}: {build.Module.Length} bytes, {build.Functions} functions, compiled in {build.Time.TotalMilliseconds:0} ms"));
            return WeftCommand.Done;
        }

        public async Task<int> WatchAsync(CancellationToken cancellation)
        {
            var folder = IsAssembly
                ? throw new UsageException("--watch follows sources: name a folder or a project.")
                : PluginProject.Find(Path).Folder;
            try
            {
                while (true)
                {
                    var stamp = SourceStamp.Of(folder);
                    await OneOfManyAsync(cancellation);
                    while (SourceStamp.Of(folder) == stamp)
                    {
                        await Task.Delay(LookPeriod, cancellation);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                return WeftCommand.Done;
            }
        }

        // What fails leaves the last module in its place.
        private async Task OneOfManyAsync(CancellationToken cancellation)
        {
            try
            {
                await OnceAsync(cancellation);
            }
            catch (Exception e) when (e is CommandException or UsageException)
            {
                await Errors.WriteLineAsync($"weft: {e.Message}");
            }
        }
    }
}

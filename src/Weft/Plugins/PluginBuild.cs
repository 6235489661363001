using System.Collections.Immutable;
using System.Diagnostics;
using Weft.Commands;
using Weft.Flow;
using Weft.Wasm.Checking;
using Weft.Wasm.Compiling;

namespace Weft.Plugins;

/// <summary>A plugin on its way from C# to a module.</summary>
/// <param name="Module">The module; null where there are errors.</param>
/// <param name="Diagnostics">What the compiler says, or the check of what it made.</param>
/// <param name="Functions">How many functions the module has.</param>
/// <param name="Time">How long the compiler took.</param>
internal sealed record PluginBuild(
    byte[]? Module, ImmutableArray<Diagnostic> Diagnostics, int Functions, TimeSpan Time)
{
    private const int MostLibraries = 256;

    /// <summary>Compiles an assembly with those that lie beside it.</summary>
    /// <exception cref="CommandException">A file cannot be read.</exception>
    public static PluginBuild Compile(string assembly, CompileSettings settings)
    {
        var (plugin, libraries) = Read(assembly);
        var began = Stopwatch.GetTimestamp();
        var compiled = PluginCompiler.Compile(plugin, libraries, settings);
        return new(compiled.Module, compiled.Diagnostics, compiled.Functions, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>The same with the findings of the hosts' rules, where there are any.</summary>
    public PluginBuild Checked(string file) => Module is null
        ? this
        : this with { Diagnostics = [.. Diagnostics, .. PluginCheck.Check(Module, file).Where(d => d.Severity != Severity.Info)] };

    /// <summary>Writes the module beside its place and moves it there: who reads it finds the former one or this one.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Write(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var part = $"{file}.{Environment.ProcessId}.part";
            File.WriteAllBytes(part, Module!);
            File.Move(part, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{file}' cannot be written: {e.Message}", e);
        }
    }

    private static (PluginAssembly Plugin, List<PluginAssembly> Libraries) Read(string assembly)
    {
        try
        {
            var beside = Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(assembly))!, "*.dll")
                .Where(f => Path.GetFileName(f) != Path.GetFileName(assembly))
                .Order(StringComparer.Ordinal).Take(MostLibraries);
            return (ReadOne(assembly), [.. beside.Select(ReadOne)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The assembly cannot be read: {e.Message}", e);
        }
    }

    private static PluginAssembly ReadOne(string file)
    {
        var symbols = Path.ChangeExtension(file, ".pdb");
        return new(File.ReadAllBytes(file), File.Exists(symbols) ? File.ReadAllBytes(symbols) : null);
    }
}

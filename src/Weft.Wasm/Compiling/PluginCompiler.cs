using Weft.Flow;
using Weft.Wasm.Compiling.Bodies;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling;

/// <summary>
/// Compiles a proxy plugin from the IL that the C# compiler made of it to a WebAssembly module of the proxy-wasm ABI. What
/// is not in the subset is refused with its place in the source (codes <c>PW0001</c> and on, docs/diagnostics.md); nothing
/// is compiled by half. The same input gives the same bytes.
/// </summary>
public static class PluginCompiler
{
    private const int MostPasses = 12;
    private const int PageSize = 65536;

    /// <summary>Compiles a plugin.</summary>
    /// <param name="plugin">The assembly that has the plugin.</param>
    /// <param name="libraries">What it refers to, the SDK first of all; the framework is not among them.</param>
    /// <param name="settings">How; null for the defaults.</param>
    /// <returns>The module, or what is wrong. Assemblies that cannot be read give a diagnostic, too.</returns>
    public static CompiledPlugin Compile(
        PluginAssembly plugin, IEnumerable<PluginAssembly> libraries, CompileSettings? settings = null)
    {
        try
        {
            using var assemblies = new AssemblySet(plugin, libraries);
            return Compile(assemblies, settings ?? new CompileSettings());
        }
        catch (NotInSubset refusal)
        {
            return new CompiledPlugin(null, [Diagnosed(refusal, null, null)], 0);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Metadata that contradicts itself shows in many ways; the input is to blame, and nothing is half done.
            var broken = Diagnostic.Error("PW0015", null, $"the assembly cannot be read: {e.Message}", "build it with the C# compiler");
            return new CompiledPlugin(null, [broken], 0);
        }
    }

    private static CompiledPlugin Compile(AssemblySet assemblies, CompileSettings settings)
    {
        var types = new TypeReader(assemblies);
        var shape = Shape.Find(assemblies, types);
        var exports = Shape.Exports(assemblies, types, shape).ToList();
        if (exports.TrueForAll(e => e.Method.Definition.Module != assemblies.Plugin) && shape is null)
        {
            throw new NotInSubset("PW0014", "the assembly has no plugin", "write a struct that implements IHttpPlugin or ITcpPlugin");
        }

        var sources = new PluginSources(assemblies, types, shape);
        var end = PassEnd.None;
        byte[] former = [];
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var program = new PluginProgram(sources, settings, end);
            var writer = new ModuleWriter(program, settings, exports);
            var next = writer.Pass();
            if (writer.Diagnostics.Count > 0)
            {
                return new CompiledPlugin(null, [.. writer.Diagnostics], 0);
            }

            // What comes out as it went in: who may fault, how deep the stack is and where things lie are what it was made for.
            var pages = (next.DataEnd + PageSize - 1) / PageSize;
            var module = program.Module.ToArray(pages, program.Data.Start, program.Data.Bytes, settings.Names);
            if (module.AsSpan().SequenceEqual(former))
            {
                Merging.Apply(program.Module);
                module = program.Module.ToArray(pages, program.Data.Start, program.Data.Bytes, settings.Names);
                return new CompiledPlugin(module, [], program.Module.Functions.Count);
            }

            (end, former) = (next, module);
        }

        throw new NotInSubset("PW0012", "the plugin does not settle", "make it smaller");
    }

    internal static Diagnostic Diagnosed(NotInSubset refusal, SourceLine? at, string? method)
    {
        var where = refusal.At ?? at;
        var inMethod = method is null ? "" : $" [in {method}]";
        return Diagnostic.Error(
            refusal.Code, where is null ? null : new SourcePosition(where.File, where.Line, where.Column), refusal.Message + inMethod, refusal.Fix);
    }
}

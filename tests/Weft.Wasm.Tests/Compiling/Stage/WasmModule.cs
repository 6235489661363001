using System.Diagnostics;
using Weft.Testing;
using Weft.Wasm.Compiling;

namespace Weft.Wasm.Tests.Compiling.Stage;

/// <summary>C# as wasm. Each module is looked at by <c>wasm-validate</c>, where that is at hand.</summary>
internal static class WasmModule
{
    private static readonly CompileSettings Usual = new() { ExportsGlobals = true };

    public static byte[] Of(string source, CompileSettings? settings = null)
    {
        var module = Of(CSharpSource.Compile(source), settings);
        Validate(module);
        return module;
    }

    public static byte[] Of(PluginAssembly plugin, CompileSettings? settings = null)
    {
        var compiled = PluginCompiler.Compile(plugin, [CSharpSource.Sdk], (settings ?? Usual) with { ExportsGlobals = true });
        Assert.True(compiled.Module is not null, string.Join("\n", compiled.Diagnostics));
        Assert.Empty(compiled.Diagnostics);
        return compiled.Module;
    }

    public static void Validate(params IReadOnlyList<byte[]> modules)
    {
        if (Peers.Find("wasm-validate") is not { } validator)
        {
            return;
        }

        foreach (var module in modules)
        {
            using var file = new TempFolder();
            var path = Path.Combine(file.Path, "tested.wasm");
            File.WriteAllBytes(path, module);
            using var process = Process.Start(new ProcessStartInfo(validator, [path]) { RedirectStandardError = true })!;
            var complaint = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, complaint);
        }
    }
}

using Weft.Wasm.Compiling;
using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Plugins;

/// <summary>The plugins of this repository as the modules that ship.</summary>
internal static class ShippedPlugin
{
    private static readonly Lazy<byte[]> TheTrafficTag = new(() => Compile("TrafficTag"));
    private static readonly Lazy<byte[]> TheOneHeader = new(() => Compile("OneHeader"));

    public static byte[] TrafficTag => TheTrafficTag.Value;

    public static byte[] OneHeader => TheOneHeader.Value;

    private static byte[] Compile(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
        var plugin = new PluginAssembly(File.ReadAllBytes(file), File.ReadAllBytes(Path.ChangeExtension(file, ".pdb")));
        var compiled = PluginCompiler.Compile(plugin, [CSharpSource.Sdk]);
        Assert.True(compiled.Module is not null, string.Join("\n", compiled.Diagnostics));
        return compiled.Module;
    }
}

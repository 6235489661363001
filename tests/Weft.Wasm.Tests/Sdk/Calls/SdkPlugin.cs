using System.Text;
using Weft.Wasm.Compiling;
using Weft.Wasm.Host.Testing;
using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Sdk.Calls;

/// <summary>A plugin that a test writes in C#, compiled as users' are, in the host that the test kit gives it.</summary>
internal static class SdkPlugin
{
    /// <summary>One that looks at requests.</summary>
    /// <param name="plugin">The members of the plugin's struct.</param>
    /// <param name="stream">The members of a request's struct.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="settings">What surrounds it.</param>
    public static PluginTest Http(string plugin, string stream, string configuration = "", PluginTestSettings? settings = null) =>
        PluginTest.FromBytes(Module("Http", plugin, stream), configuration, settings);

    /// <summary>One that looks at connections.</summary>
    public static PluginTest Tcp(string plugin, string stream) => PluginTest.FromBytes(Module("Tcp", plugin, stream));

    /// <summary>What it wrote, a line each.</summary>
    public static IEnumerable<string> Lines(this PluginTest test) => test.Logs.Select(l => l.Message);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The module of a plugin of a kind: <c>Http</c> or <c>Tcp</c>.</summary>
    public static byte[] Module(string kind, string plugin, string stream) => WasmModule.Of(
        $$"""
        public struct Plugin : I{{kind}}Plugin<Plugin, Stream>
        {
        {{plugin}}
        }
        public struct Stream : I{{kind}}Stream<Plugin>
        {
        {{stream}}
        }
        """,
        new CompileSettings());
}

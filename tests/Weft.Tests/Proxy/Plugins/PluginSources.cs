using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Weft.Wasm.Compiling;

namespace Weft.Tests.Proxy.Plugins;

/// <summary>Plugins as modules: those of this repository, and some that are made for a test.</summary>
internal static class PluginSources
{
    private static readonly Lazy<byte[]> TheOneHeader = new(() => Compile(Assembly(PathOf("OneHeader"))));
    private static readonly Lazy<byte[]> TheTrafficTag = new(() => Compile(Assembly(PathOf("TrafficTag"))));
    private static readonly Lazy<byte[]> TheTested = new(() => Compile(Built(TestedSource)));

    private const string TestedSource = """
        using System;
        using Weft.Wasm.Sdk;

        public struct TestedPlugin : IHttpPlugin<TestedPlugin, TestedRequest>
        {
            public Counter Seen;
            public Counter Logged;

            public bool OnConfigure(ReadOnlySpan<byte> configuration)
            {
                Seen = Counter.Define("tested.seen"u8);
                Logged = Counter.Define("tested.logged"u8);
                return !configuration.SequenceEqual("bad"u8);
            }
        }

        public struct TestedRequest : IHttpStream<TestedPlugin>
        {
            private byte _what;

            public FilterAction OnRequestHeaders(ref TestedPlugin plugin, bool endOfStream)
            {
                plugin.Seen.Add();
                var what = Request.Headers.Get("x-do"u8);
                _what = what.Length > 0 ? what[0] : (byte)'-';
                if (_what == 'f')
                {
                    Request.Headers.Set("x-never"u8, what.Slice(what.Length + 1));
                }

                if (_what == 'a')
                {
                    LocalResponse.Send(418, "no"u8);
                    return FilterAction.Pause;
                }

                Request.Headers.Set("x-source"u8, Properties.SourceAddress);
                Request.Headers.Set("x-node"u8, Properties.NodeId);
                Request.Headers.Set("x-plugin"u8, Properties.PluginName);
                Request.Headers.Remove("x-gone"u8);
                Properties.Set("kept"u8, "by the plugin"u8);
                return FilterAction.Continue;
            }

            public FilterAction OnRequestBody(ref TestedPlugin plugin, int size, bool endOfStream)
            {
                if (_what == 'd')
                {
                    LocalResponse.Send(403, "not this body"u8);
                    return FilterAction.Pause;
                }

                if (!endOfStream)
                {
                    return FilterAction.Pause;
                }

                Request.Body.Prepend("<"u8);
                Request.Body.Append(">"u8);
                return FilterAction.Continue;
            }

            public FilterAction OnResponseHeaders(ref TestedPlugin plugin, bool endOfStream)
            {
                Response.Headers.Set("x-cluster"u8, Properties.ClusterName);
                Response.Headers.Set("x-route"u8, Properties.RouteName);
                Response.Headers.Set("x-kept"u8, Properties.Get("kept"u8));
                Response.Headers.Set("x-path"u8, Properties.RequestUrlPath);
                return FilterAction.Continue;
            }

            public FilterAction OnResponseBody(ref TestedPlugin plugin, int size, bool endOfStream)
            {
                if (endOfStream)
                {
                    Response.Body.Append("!"u8);
                }

                return FilterAction.Continue;
            }

            public void OnLog(ref TestedPlugin plugin)
            {
                if (Response.Headers.Get(":status"u8).Length == 3)
                {
                    plugin.Logged.Add();
                }
            }
        }
        """;

    public static byte[] OneHeader => TheOneHeader.Value;

    public static byte[] TrafficTag => TheTrafficTag.Value;

    /// <summary>Does what the request's <c>x-do</c> says.</summary>
    public static byte[] Tested => TheTested.Value;

    /// <summary>Ends its machine with the first request.</summary>
    public static byte[] Trapping { get; } = Wasmtime.Module.ConvertText("""
        (module
          (memory (export "memory") 1)
          (func (export "proxy_abi_version_0_2_1"))
          (func (export "malloc") (param i32) (result i32) i32.const 1024)
          (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) unreachable))
        """);

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, $"{name}.dll");

    private static PluginAssembly Assembly(string file) =>
        new(File.ReadAllBytes(file), File.ReadAllBytes(Path.ChangeExtension(file, ".pdb")));

    private static byte[] Compile(PluginAssembly plugin)
    {
        var compiled = PluginCompiler.Compile(plugin, [Assembly(typeof(Weft.Wasm.Sdk.Text).Assembly.Location)]);
        Assert.True(compiled.Module is not null, string.Join("\n", compiled.Diagnostics));
        return compiled.Module;
    }

    private static PluginAssembly Built(string source)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(Weft.Wasm.Sdk.Text).Assembly.Location)
            .Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create(
            "Tested",
            [CSharpSyntaxTree.ParseText(SourceText.From(source, System.Text.Encoding.UTF8), path: "Tested.cs")],
            references,
            new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return new(image.ToArray(), symbols.ToArray());
    }
}

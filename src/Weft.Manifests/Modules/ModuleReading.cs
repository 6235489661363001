using System.Collections.Immutable;
using Weft.Flow;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Modules;

/// <summary>What came of reading the module of a plugin: the module, or why there is none.</summary>
internal sealed record ModuleReading(PluginModule? Module, Diagnostic? Error)
{
    /// <summary>The largest module that is taken.</summary>
    public const int MaxSize = 32 << 20;

    // "\0asm" and version 1 of a module; a component has another version.
    private static ReadOnlySpan<byte> Beginning => [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    /// <summary>A module of these bytes, if they are one and the one that is wanted.</summary>
    public static ModuleReading Of(WasmPluginConfig plugin, ImmutableArray<byte> code)
    {
        if (!code.AsSpan().StartsWith(Beginning))
        {
            return Wrong(plugin, "is no WebAssembly module", "name a module, as a compiler to wasm makes it");
        }

        var module = PluginModule.Of(code);
        return plugin.Sha256 is { } wanted && wanted != module.Sha256
            ? Wrong(plugin, $"has the SHA-256 {module.Sha256}, and spec.sha256 says {wanted}", "correct spec.sha256, or the module")
            : new(module, null);
    }

    /// <summary>There is none to be had.</summary>
    public static ModuleReading Unread(WasmPluginConfig plugin, string why, string fix) => new(null, Diagnostic.Error(
        "WEFT1301", plugin.Url.Where, $"The module of WasmPlugin {plugin.Name}, {Named(plugin)}, cannot be read: {why}", fix));

    public static ModuleReading TooLarge(WasmPluginConfig plugin) => Wrong(
        plugin, $"is larger than {MaxSize >> 20} MiB", "make it smaller: wasm-opt and wasm-strip help");

    private static ModuleReading Wrong(WasmPluginConfig plugin, string what, string fix) => new(null, Diagnostic.Error(
        "WEFT1302", plugin.Url.Where, $"The module of WasmPlugin {plugin.Name}, {Named(plugin)}, {what}.", fix));

    private static string Named(WasmPluginConfig plugin) => Excerpt.Of(plugin.Url.ToString());
}

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

    /// <summary>A module of these bytes, if they are the one that is wanted and one that proxies take.</summary>
    public static ModuleReading Of(WasmPluginConfig plugin, ImmutableArray<byte> code) => Of(plugin, ReadModule.Of(code));

    /// <inheritdoc cref="Of(WasmPluginConfig, ImmutableArray{byte})"/>
    public static ModuleReading Of(WasmPluginConfig plugin, ReadModule read)
    {
        if (!read.IsModule)
        {
            return Wrong(plugin, "is no WebAssembly module", "name a module, as a compiler to wasm makes it");
        }

        var module = read.Module;
        if (plugin.Sha256 is { } wanted && wanted != module.Sha256)
        {
            return Wrong(plugin, $"has the SHA-256 {module.Sha256}, and spec.sha256 says {wanted}", "correct spec.sha256, or the module");
        }

        return read.Refusal is { } refusal ? Refused(plugin, refusal) : new(module, null);
    }

    /// <summary>There is none to be had.</summary>
    public static ModuleReading Unread(WasmPluginConfig plugin, string why, string fix) => new(null, Diagnostic.Error(
        "WEFT1301", plugin.Url.Where, $"The module of WasmPlugin {plugin.Name}, {Named(plugin)}, cannot be read: {why}", fix));

    public static ModuleReading TooLarge(WasmPluginConfig plugin) => Wrong(
        plugin, $"is larger than {MaxSize >> 20} MiB", "make it smaller: wasm-opt and wasm-strip help");

    private static ModuleReading Wrong(WasmPluginConfig plugin, string what, string fix) => new(null, Diagnostic.Error(
        "WEFT1302", plugin.Url.Where, $"The module of WasmPlugin {plugin.Name}, {Named(plugin)}, {what}.", fix));

    // The reason has a code of its own, by which docs/diagnostics.md says more.
    private static ModuleReading Refused(WasmPluginConfig plugin, Diagnostic refusal) => new(null, Diagnostic.Error(
        "WEFT1303", plugin.Url.Where,
        $"Proxies would not load the module of WasmPlugin {plugin.Name}, {Named(plugin)}: {refusal.Code}: {refusal.Message}",
        refusal.Fix));

    private static string Named(WasmPluginConfig plugin) => Excerpt.Of(plugin.Url.ToString());
}

using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>What Envoy's hosts ask of a module before they run it. Each refusal names the rule.</summary>
internal static class ModuleRules
{
    public static AbiVersion AbiOf(Module module)
    {
        var marks = module.Exports.OfType<FunctionExport>().Select(e => e.Name).ToHashSet();
        return marks.Contains("proxy_abi_version_0_2_1") ? AbiVersion.V021
            : marks.Contains("proxy_abi_version_0_2_0") ? AbiVersion.V020
            : marks.Contains("proxy_abi_version_0_1_0") ? AbiVersion.V010
            : throw new PluginException(
                PluginRule.AbiMarker,
                "missing or unknown ABI version: a plugin exports a function proxy_abi_version_0_2_1, 0_2_0 or 0_1_0");
    }

    public static void CheckExports(Module module, AbiVersion abi)
    {
        var functions = module.Exports.OfType<FunctionExport>().ToDictionary(e => e.Name);
        if (!functions.ContainsKey("malloc") && !functions.ContainsKey("proxy_on_memory_allocate"))
        {
            throw new PluginException(
                PluginRule.Allocator, "missing allocator: a plugin exports malloc or proxy_on_memory_allocate");
        }

        var memories = module.Exports.OfType<MemoryExport>().Count() + module.Imports.OfType<MemoryImport>().Count();
        if (memories != 1)
        {
            throw new PluginException(
                PluginRule.Memory, $"a plugin exports exactly one memory, this one has {memories}");
        }

        foreach (var (name, wanted) in GuestExports.Signatures(abi))
        {
            if (functions.TryGetValue(name, out var export) && Signature.Of(export) is var found && found != wanted)
            {
                throw new PluginException(
                    PluginRule.ExportSignature,
                    $"bad function signature for {name}: hosts call {wanted}, it is {found}");
            }
        }
    }
}

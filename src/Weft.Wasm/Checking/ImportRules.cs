using Weft.Flow;
using Weft.Wasm.Abi;
using Weft.Wasm.Modules;

namespace Weft.Wasm.Checking;

// What the plugin takes must be what hosts of its version offer, with the same type.
internal static class ImportRules
{
    public static IEnumerable<Diagnostic> Check(Plugin plugin) =>
        plugin.Module.Imports.SelectMany(import => import.Kind switch
        {
            ExternKind.Function => Function(plugin, import),
            ExternKind.Global => Global(import),
            ExternKind.Memory => Memory(import),
            _ => [],
        });

    private static IEnumerable<Diagnostic> Function(Plugin plugin, ModuleImport import)
    {
        if (ProxyWasmAbi.FindImport(import.Module, import.Name) is not { } offered)
        {
            yield return Unknown(plugin, import);
            yield break;
        }

        if (plugin.Version != AbiVersions.None && (offered.Versions & plugin.Version) == 0)
        {
            yield return OtherVersion(plugin.Version, offered);
        }
        else if (!offered.Type.Equals(import.Function))
        {
            yield return Diagnostic.Error(
                "WEFT6117",
                null,
                $"Hosts offer {Title(import)} as {offered.Type}; this module imports it as {import.Function}.",
                "Correct the declaration of the import");
        }
        else if (offered.Support == AbiSupport.Stub)
        {
            yield return Diagnostic.Warning(
                "WEFT6135",
                null,
                $"The module imports {Title(import)}, which hosts only offer for modules to load; "
                    + "there are no files, sockets or waits.",
                "Leave out the code that needs it");
        }
    }

    private static Diagnostic Unknown(Plugin plugin, ModuleImport import)
    {
        var version = plugin.Version == AbiVersions.None ? AbiVersions.All : plugin.Version;
        var names = ProxyWasmAbi.Imports.Where(i => (i.Versions & version) != 0 && i.Module == import.Module).Select(i => i.Name);
        var fix = NearestName.Of(import.Name, names) is { } near ? $"Did you mean \"{near}\"?"
            : import.Module is ProxyWasmAbi.Env or ProxyWasmAbi.Wasi or ProxyWasmAbi.WasiUnstable
                ? "Remove what needs it; link without --allow-undefined to see what that is"
            : "Build for wasm32-wasip1 or wasm32-unknown-unknown, not for a browser or JavaScript";
        return Diagnostic.Error(
            "WEFT6115", null, $"The module imports the function {Title(import)}, which no host offers to plugins.", fix);
    }

    private static Diagnostic OtherVersion(AbiVersions version, AbiImport offered)
    {
        var having = ProxyWasmAbi.Versions.Where(v => (v & offered.Versions) != 0).Select(ProxyWasmAbi.NumberOf);
        return Diagnostic.Error(
            "WEFT6116",
            null,
            $"The module imports {offered.Name}, which hosts offer to plugins of ABI {string.Join(" and ", having)} only; "
                + $"it is of {ProxyWasmAbi.NumberOf(version)}.",
            "Use the SDK of one version");
    }

    private static IEnumerable<Diagnostic> Global(ModuleImport import) =>
    [
        Diagnostic.Error(
            "WEFT6118",
            null,
            $"The module imports the global {Title(import)}; hosts offer functions only.",
            "Link as a plain module, not as position-independent code (no --shared, no -pie)"),
    ];

    private static IEnumerable<Diagnostic> Memory(ModuleImport import) =>
    [
        Diagnostic.Warning(
            "WEFT6141",
            null,
            $"The module imports its memory as {Title(import)}; Envoy makes one, other hosts refuse that.",
            "Link without --import-memory"),
    ];

    private static string Title(ModuleImport import) => $"{import.Module}.{import.Name}";
}

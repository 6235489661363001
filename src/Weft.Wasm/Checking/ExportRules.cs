using Weft.Flow;
using Weft.Wasm.Abi;

namespace Weft.Wasm.Checking;

// What hosts call must have the type that they call it with, and an allocator must be there.
internal static class ExportRules
{
    private const string Malloc = "malloc";
    private const string Allocate = "proxy_on_memory_allocate";

    public static IEnumerable<Diagnostic> Check(Plugin plugin) =>
        Allocator(plugin).Concat(plugin.ExportedFunctions.SelectMany(e => Function(plugin, e.Name, e.Function.Type)))
            .Concat(Callbacks(plugin));

    private static IEnumerable<Diagnostic> Allocator(Plugin plugin)
    {
        if (!plugin.Exports(Malloc) && !plugin.Exports(Allocate))
        {
            yield return Diagnostic.Error(
                "WEFT6112",
                null,
                $"A plugin exports {Allocate} or {Malloc}, where hosts put what they give it; this module exports neither.",
                $"Export {Allocate}(i32) -> i32");
        }
        else if (plugin.Exports(Malloc) && plugin.Exports(Allocate))
        {
            yield return new Diagnostic(
                "WEFT6140",
                Severity.Info,
                null,
                $"The module exports {Malloc} and {Allocate}; Envoy calls {Malloc}, though the specification prefers the other.",
                "Export the one that shall be called");
        }
    }

    private static IEnumerable<Diagnostic> Function(Plugin plugin, string name, Modules.FunctionType type)
    {
        // Where the version is not known, that alone is said of what depends on it.
        var version = plugin.Version == AbiVersions.None ? AbiVersions.All : plugin.Version;
        if (ProxyWasmAbi.FindExport(name, version) is { } called)
        {
            if (IsLookedFor(plugin, name) && !called.Type.Equals(type) && IsOneType(name, version))
            {
                yield return Diagnostic.Error(
                    "WEFT6119",
                    null,
                    $"Hosts call {name} as {called.Type}; this module exports it as {type}.",
                    "Correct its parameters and results");
            }
        }
        else if (name.StartsWith("proxy_", StringComparison.Ordinal)
            && !name.StartsWith(ProxyWasmAbi.MarkerPrefix, StringComparison.Ordinal))
        {
            yield return NeverCalled(version, name);
        }
    }

    // Hosts do not look at what they would not call, so its type does not matter.
    private static bool IsLookedFor(Plugin plugin, string name) => name switch
    {
        "_start" => !plugin.Exports("_initialize"),
        "main" or "__main_void" => plugin.Exports("_initialize"),
        Allocate => !plugin.Exports(Malloc),
        _ => true,
    };

    private static bool IsOneType(string name, AbiVersions version) =>
        ProxyWasmAbi.Exports.Count(e => e.Name == name && (e.Versions & version) != 0) == 1;

    private static Diagnostic NeverCalled(AbiVersions version, string name)
    {
        var elsewhere = ProxyWasmAbi.FindExport(name, AbiVersions.All) is not null;
        var near = NearestName.Of(name, ProxyWasmAbi.Exports.Where(e => (e.Versions & version) != 0).Select(e => e.Name));
        return Diagnostic.Warning(
            "WEFT6134",
            null,
            elsewhere
                ? $"The module exports {name}, which hosts call in other versions of the ABI only."
                : $"The module exports {name}, which no host calls.",
            elsewhere ? "Use a newer version of the ABI" : near is null ? "Remove it" : $"Did you mean \"{near}\"?");
    }

    private static IEnumerable<Diagnostic> Callbacks(Plugin plugin)
    {
        if (!plugin.ExportedFunctions.Any(e =>
            e.Name.StartsWith("proxy_on_", StringComparison.Ordinal) && e.Name is not (Allocate or "proxy_on_context_create")))
        {
            yield return Diagnostic.Warning(
                "WEFT6136",
                null,
                "The module exports none of the functions by which hosts tell a plugin what happens, so it never does anything.",
                "Export what it shall hear of, such as proxy_on_request_headers");
        }
    }
}

using Weft.Flow;
using Weft.Wasm.Abi;

namespace Weft.Wasm.Checking;

// Which version of the ABI the plugin is of: told by the name of an exported function that is never called.
internal static class VersionRules
{
    private static readonly string Newest = ProxyWasmAbi.MarkerOf(AbiVersions.Version021);

    public static IEnumerable<Diagnostic> Check(Plugin plugin)
    {
        var markers = plugin.ExportedFunctions.Select(e => e.Name)
            .Where(n => n.StartsWith(ProxyWasmAbi.MarkerPrefix, StringComparison.Ordinal)).ToList();
        var known = markers.Where(m => ProxyWasmAbi.VersionOf(m) != AbiVersions.None).ToList();
        if (known.Count == 0)
        {
            var found = markers.Count == 0 ? "exports none" : $"exports only \"{markers[0]}\"";
            yield return Diagnostic.Error(
                "WEFT6110",
                null,
                $"A plugin tells its ABI version by an exported function such as {Newest}; this module {found}.",
                $"Export an empty function {Newest}");
        }
        else if (known.Count > 1)
        {
            yield return Diagnostic.Warning(
                "WEFT6111",
                null,
                $"A plugin is of one ABI version, but this one exports {string.Join(" and ", known)}; hosts take {known[0]}.",
                "Export one of them");
        }
    }
}
